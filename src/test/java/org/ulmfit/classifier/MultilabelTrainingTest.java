package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Labelling;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.EngineThreads;
import org.ulmfit.nn.Torch;
import org.ulmfit.train.TrainerRun;
import org.ulmfit.train.TrainingListener.Epoch;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.TokenStoreWriter;

/** A tiny classifier of texts that have both labels, one, or none. */
@Tag("engine")
class MultilabelTrainingTest {

  private static final int EPOCHS = 16;

  @TempDir Path dir;
  private TokenStore train;
  private TokenStore valid;
  private int threads;

  @BeforeEach
  void open() {
    threads = Torch.threads();
    EngineThreads.set(1);
    train = store(dir.resolve("train.tokens"), 120, 1);
    valid = store(dir.resolve("valid.tokens"), 60, 2);
  }

  @AfterEach
  void close() {
    train.close();
    valid.close();
    EngineThreads.set(threads);
  }

  /** Words 2 to 9 speak for label 0, 10 to 17 for label 1, the rest for nothing. */
  private static TokenStore store(Path file, int documents, long seed) {
    Random random = new Random(seed);
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      for (int doc = 0; doc < documents; doc++) {
        int[] labels = IntStream.range(0, 2).filter(l -> random.nextBoolean()).toArray();
        int[] ids = new int[6 + random.nextInt(9)];
        for (int i = 0; i < ids.length; i++) {
          boolean telling = labels.length > 0 && random.nextInt(2) == 0;
          ids[i] =
              telling
                  ? 2 + 8 * labels[random.nextInt(labels.length)] + random.nextInt(8)
                  : 18 + random.nextInt(12);
        }
        writer.append("doc" + doc, ids, labels);
      }
      writer.finish();
    }
    return TokenStore.open(file);
  }

  private TrainerRun<Classifier> run(String... overrides) {
    String[] all = new String[overrides.length + 3];
    System.arraycopy(overrides, 0, all, 3, overrides.length);
    all[0] = "classifier.dropMult=0.1";
    all[1] = "classifier.stages=[" + TinyClassifier.phase(0, EPOCHS) + "]";
    all[2] = "classifier.optimizer.weightDecay=0";
    return TinyClassifier.run(TinyClassifier.recipe(all), Labelling.MULTI, train, valid);
  }

  @Test
  void itLearnsWhichWordsSpeakForWhichLabels() {
    for (String weights : List.of("none", "balanced", "effective")) {
      List<Epoch> epochs = run("classifier.classWeights=" + weights).go().epochs();
      double macroF1 = epochs.get(EPOCHS - 1).validation().macroF1();
      assertTrue(macroF1 >= .85, weights + ": macro F1 " + macroF1);
      double loss = epochs.get(EPOCHS - 1).validation().loss();
      assertTrue(loss < Math.log(2) - .15, weights + ": loss " + loss);
    }
  }

  /** Smoothed targets keep logits small: the loss on plain ones cannot fall as far. */
  @Test
  void smoothingKeepsItFromBeingSure() {
    double plain = run().go().epochs().get(EPOCHS - 1).trainLoss();
    double smoothed =
        run("classifier.labelSmoothing=0.4").go().epochs().get(EPOCHS - 1).trainLoss();
    double least = -.8 * Math.log(.8) - .2 * Math.log(.2); // entropy of a smoothed target
    assertTrue(smoothed > least && smoothed > plain, plain + ", " + smoothed);
  }

  @Test
  void targetsAreRowsOfZerosAndOnes() {
    float[] ones = {1, 1, 1};
    float[] hard = new BinaryCrossEntropy(0, 0, ones, 0).targets(new int[][] {{2, 0}, {}});
    assertArrayEquals(new float[] {1, 0, 1, 0, 0, 0}, hard);
    float[] soft = new BinaryCrossEntropy(0, 0, ones, .2).targets(new int[][] {{1}});
    assertArrayEquals(new float[] {.1f, .9f, .1f}, soft, 1e-7f);
  }

  @Test
  void lossAndAnswersOfLogits() {
    Sigmoid output = new Sigmoid(new double[] {.5, .3, .9});
    float[] logits = {2, -.5f, 1};
    double[] p = {1 / (1 + Math.exp(-2)), 1 / (1 + Math.exp(.5)), 1 / (1 + Math.exp(-1))};
    for (int c = 0; c < 3; c++) {
      assertEquals(p[c], output.probabilities(logits)[c], 1e-7);
    }
    assertArrayEquals(new int[] {0, 1}, output.decide(output.probabilities(logits)));
    assertArrayEquals(new int[0], output.decide(new float[] {.1f, .2f, .3f}));
    double expected = -(Math.log(p[0]) + Math.log(1 - p[1]) + Math.log(p[2])) / 3;
    assertEquals(expected, output.loss(logits, new int[] {0, 2}), 1e-12);
    assertEquals(300, output.loss(new float[] {-900, 0, 0}, new int[] {0}), 1);
  }

  /** Balanced as scikit-learn's compute_class_weight; effective as Cui et al.'s equation 2. */
  @Test
  void weightsOfTheClasses() {
    long[] counts = {900, 90, 10, 0};
    assertArrayEquals(
        new float[] {1000f / 3600, 1000f / 360, 25, 250},
        ClassWeights.single(Recipe.ClassWeights.BALANCED, counts, 1000),
        1e-4f);
    float[] effective = ClassWeights.single(Recipe.ClassWeights.EFFECTIVE, counts, 1000);
    double ratio = (1 - Math.pow(.999, 900)) / (1 - Math.pow(.999, 10));
    assertEquals(ratio, effective[2] / effective[0], 1e-3);
    assertEquals(4, effective[0] + effective[1] + effective[2] + effective[3], 1e-5);
    assertArrayEquals(
        new float[] {100f / 900, 910f / 90, 99, 1000},
        ClassWeights.positive(Recipe.ClassWeights.BALANCED, counts, 1000),
        1e-4f);
    assertArrayEquals(
        new float[] {1, 1, 1, 1}, ClassWeights.positive(Recipe.ClassWeights.NONE, counts, 1000), 0);
  }
}
