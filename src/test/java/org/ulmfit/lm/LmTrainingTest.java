package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.Sums;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.nn.EngineThreads;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Parameter;
import org.ulmfit.nn.RecordingMode;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.Torch;
import org.ulmfit.run.TimelessLog;
import org.ulmfit.train.TrainerRun;
import org.ulmfit.train.TrainingListener.Epoch;
import org.ulmfit.vocab.TokenStore;

/** The loop with a tiny language model: it learns, it repeats itself, it can be interrupted. */
@Tag("engine")
class LmTrainingTest {

  private static final int DOCUMENTS = 40;

  @TempDir Path dir;
  private TokenStore train;
  private TokenStore valid;
  private int threads;

  @BeforeEach
  void open() {
    threads = Torch.threads();
    EngineThreads.set(1);
    train = TinyLm.store(dir.resolve("train.tokens"), DOCUMENTS, 1);
    valid = TinyLm.store(dir.resolve("valid.tokens"), 10, 2);
  }

  @AfterEach
  void close() {
    train.close();
    valid.close();
    EngineThreads.set(threads);
  }

  private TrainerRun<LanguageModel> run(String... overrides) {
    return TinyLm.run(TinyLm.recipe(overrides), train, valid);
  }

  private static void assertSame(
      TrainerRun.Outcome expected, TrainerRun.Outcome actual, String what) {
    assertEquals(expected.tensors().size(), actual.tensors().size());
    for (int i = 0; i < expected.tensors().size(); i++) {
      assertArrayEquals(expected.tensors().get(i), actual.tensors().get(i), what + ", tensor " + i);
    }
  }

  @Test
  void lossFallsFarBelowGuessing() {
    List<Epoch> epochs =
        run(
                "lm.stages=[" + TinyLm.phase(0, 12).replace("lr: 1.0e-2", "lr: 5.0e-2") + "]",
                "model.embeddingSize=24",
                "model.hiddenSize=32",
                "lm.dropMult=0.1")
            .go()
            .epochs();
    double first = epochs.get(0).validation().loss();
    double last = epochs.get(epochs.size() - 1).validation().loss();
    assertEquals(12, epochs.size());
    assertTrue(last < first && last < Math.log(TinyLm.VOCABULARY) - 1, first + " then " + last);
    assertTrue(epochs.get(11).validation().accuracy() > .4, epochs.get(11).toString());
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherSeedOthers() {
    TrainerRun.Outcome one = run().go();
    assertSame(one, run().go(), "same seed");
    assertEquals(one.losses(), run().go().losses());
    TrainerRun.Outcome other = run("seed=43").go();
    assertFalse(Arrays.equals(one.tensors().get(0), other.tensors().get(0)));
  }

  @Test
  void backwardsIsAnotherModel() {
    TrainerRun.Outcome forward = run().go();
    TrainerRun.Outcome backward = TinyLm.run(TinyLm.recipe(), train, valid, true).go();
    assertFalse(Arrays.equals(forward.tensors().get(0), backward.tensors().get(0)));
  }

  /** Stopped within the first phase, at its epoch's border, in the second and at its border. */
  @Test
  void aStoppedRunThatIsResumedEqualsOneThatWasNot() {
    Path wholeLog = dir.resolve("whole.jsonl");
    TrainerRun.Outcome whole = run().log(wholeLog).go();
    int epoch = stepsOfFirstEpoch(whole);
    int[] stops = {1, epoch / 2, epoch, epoch + 1, epoch + epoch / 2, 2 * epoch, 2 * epoch + 3};
    for (int stop : stops) {
      Path checkpoints = dir.resolve("stop-" + stop);
      Path log = dir.resolve("stop-" + stop + ".jsonl");
      UlmfitException stopped =
          assertThrows(
              UlmfitException.class,
              () -> run().log(log).stopAfter(checkpoints, stop).go(),
              "no stop");
      assertEquals(UlmfitException.Kind.INTERRUPTED, stopped.kind());
      assertOneLine(stopped);
      // another initial model: everything has to come from the checkpoint
      TrainerRun.Outcome resumed = run().modelSeed(99).log(log).resume(checkpoints).go();
      assertSame(whole, resumed, "stopped after step " + stop);
      assertEquals(whole.losses().subList(stop, whole.losses().size()), resumed.losses());
      assertEquals(TimelessLog.read(wholeLog), TimelessLog.read(log), "stopped after " + stop);
    }
  }

  private static int stepsOfFirstEpoch(TrainerRun.Outcome whole) {
    long tokens = whole.epochs().get(0).tokens();
    int steps = whole.losses().size() / whole.epochs().size();
    assertTrue(tokens > 0 && steps > 5, "too short to be stopped: " + steps);
    return steps;
  }

  /** Checksums hold, what they hold does not. */
  @Test
  void aCheckpointThatNoRunCanHaveWrittenIsRefused() throws Exception {
    Path checkpoints = dir.resolve("whole");
    assertThrows(UlmfitException.class, () -> run().stopAfter(checkpoints, 3).go());
    Path folder = checkpoints.resolve("step-00000003");
    String whole = Files.readString(folder.resolve("position.json"));
    String[][] changes = {
      {"\"phase\" : 0", "\"phase\" : 99"},
      {"\"phase\" : 0", "\"phase\" : -1"},
      {"\"phase\" : 0,", ""},
      {"\"epoch\" : 0", "\"epoch\" : 2000000000"},
      {"\"epoch\" : 0", "\"epoch\" : 0.5"},
      {"\"epochStep\" : 3", "\"epochStep\" : 4"},
      {"\"phaseStep\" : 3", "\"phaseStep\" : 0"},
      {"\"phaseStep\" : 3", "\"phaseStep\" : 1000000"},
      {"\"globalStep\" : 3", "\"globalStep\" : 4"},
      {"\"batches\" : 3", "\"batches\" : -3"},
      {"0, 3 ]", "0, -3 ]"},
      {"0, 3 ]", "0, 3, 3 ]"},
      {"0, 3 ]", "0, 4 ]"},
      {"\"adamSteps\"", "\"phase\" : 1, \"adamSteps\""},
      {"\"test\"", "null"},
      {whole, "null"},
      {whole, ""},
    };
    for (String[] change : changes) {
      String changed = whole.replace(change[0], change[1]);
      assertNotEquals(whole, changed, change[0]);
      Files.writeString(folder.resolve("position.json"), changed);
      Sums.renew(folder);
      UlmfitException refused =
          assertThrows(
              UlmfitException.class, () -> run().resume(checkpoints).go(), "taken: " + changed);
      assertEquals(UlmfitException.Kind.BAD_MODEL, refused.kind(), changed);
      assertOneLine(refused);
    }
    Files.writeString(folder.resolve("position.json"), whole);
    Sums.renew(folder);
    run().resume(checkpoints).go();
  }

  /** Ended between two checkpoints, with a log that is further than the last of them. */
  @Test
  void aRunThatDiedGoesOnFromItsLastCheckpoint() {
    String[] saving = {"checkpoint.everySteps=5"};
    Path wholeLog = dir.resolve("whole.jsonl");
    TrainerRun.Outcome whole = run(saving).log(wholeLog).go();
    int epoch = stepsOfFirstEpoch(whole);
    for (int end : new int[] {7, epoch + 1, whole.losses().size() - 1}) {
      Path checkpoints = dir.resolve("died-" + end);
      Path log = dir.resolve("died-" + end + ".jsonl");
      int[] steps = {0};
      TrainerRun<LanguageModel> dying =
          run(saving)
              .log(log)
              .stopAfter(checkpoints, -1)
              .everyStep(
                  model -> {
                    if (++steps[0] == end) {
                      throw new IllegalStateException("died");
                    }
                  });
      assertThrows(IllegalStateException.class, dying::go);
      assertSame(whole, run(saving).modelSeed(9).log(log).resume(checkpoints).go(), "died " + end);
      assertEquals(TimelessLog.read(wholeLog), TimelessLog.read(log), "died " + end);
    }
  }

  /** A second phase spoils what the first has learned. */
  @Test
  void theModelCanBeThatOfTheLowestValidationLoss() {
    String good = TinyLm.phase(0, 1);
    String both = good + ", " + TinyLm.phase(0, 2).replace("lr: 1.0e-2", "lr: 3.0");
    TrainerRun.Outcome best = run("lm.stages=[" + good + "]").go();
    String[] saving = {"checkpoint.best=save", "checkpoint.keep=1", "lm.stages=[" + both + "]"};
    Path log = dir.resolve("log.jsonl");
    TrainerRun.Outcome saved = run(saving).log(log).stopAfter(dir.resolve("whole"), -1).go();
    List<Double> losses = saved.epochs().stream().map(e -> e.validation().loss()).toList();
    assertTrue(losses.get(0) < losses.get(1) && losses.get(0) < losses.get(2), losses.toString());
    assertSame(best, saved, "after " + losses);

    Path checkpoints = dir.resolve("stopped");
    Path secondLog = dir.resolve("stopped.jsonl");
    int stop = saved.losses().size() - 1;
    assertThrows(
        UlmfitException.class, () -> run(saving).log(secondLog).stopAfter(checkpoints, stop).go());
    assertSame(best, run(saving).log(secondLog).resume(checkpoints).go(), "resumed");
    assertEquals(TimelessLog.read(log), TimelessLog.read(secondLog));

    saving[0] = "checkpoint.best=keep";
    TrainerRun.Outcome last = run(saving).stopAfter(dir.resolve("kept"), -1).go();
    assertFalse(Arrays.equals(best.tensors().get(0), last.tensors().get(0)));
  }

  /** Randomised windows end an epoch before the count of steps that schedules expect. */
  @Test
  void resumeWithFixedWindowsAndTwice() {
    String[] fixed = {"lm.window=fixed", "lm.shuffle=false"};
    TrainerRun.Outcome whole = run(fixed).go();
    Path checkpoints = dir.resolve("twice");
    assertThrows(UlmfitException.class, () -> run(fixed).stopAfter(checkpoints, 4).go());
    TrainerRun<LanguageModel> again =
        run(fixed).modelSeed(5).stopAfter(checkpoints, 9).resume(checkpoints);
    assertThrows(UlmfitException.class, again::go);
    assertSame(whole, run(fixed).modelSeed(6).resume(checkpoints).go(), "resumed twice");
  }

  @Test
  void frozenLayersDoNotMove() {
    float[][] before = new float[8][];
    TrainerRun.Outcome after =
        run("lm.stages=[" + TinyLm.phase(-1, 1) + "]")
            .prepare(
                model -> {
                  List<Parameter> frozen = model.encoder().parameters().subList(1, 9);
                  Arrays.setAll(before, i -> frozen.get(i).value().toFloatArray());
                })
            .everyStep(
                model ->
                    model
                        .encoder()
                        .layer(0)
                        .forEach(p -> assertFalse(p.value().hasGradient(), p.name())))
            .go();
    for (int i = 0; i < before.length; i++) {
      assertArrayEquals(before[i], after.tensors().get(i + 1));
    }
  }

  @Test
  void aLossThatIsNoNumberStopsTheRunWithOneLine() {
    UlmfitException error =
        assertThrows(
            UlmfitException.class,
            () ->
                run()
                    .prepare(
                        model -> {
                          Parameter rows = model.encoder().embedding();
                          float[] values = rows.value().toFloatArray();
                          Arrays.fill(values, Float.NaN);
                          Tensors.set(rows.value(), FloatBuffer.wrap(values));
                        })
                    .go());
    assertEquals(UlmfitException.Kind.FAILURE, error.kind());
    assertOneLine(error);
    assertTrue(error.getMessage().contains("NaN"), error.getMessage());
  }

  private static void assertOneLine(UlmfitException error) {
    assertFalse(error.getMessage().contains("\n"), error.getMessage());
  }

  private static final String[] SAMPLED = {"lm.softmax=sampled", "lm.negatives=20"};

  /** The drawn words are a function of the position, like the masks. */
  @Test
  void aSampledRunThatIsResumedEqualsOneThatWasNot() {
    TrainerRun.Outcome whole = run(SAMPLED).go();
    assertEquals(whole.losses(), run(SAMPLED).go().losses());
    assertNotEquals(whole.losses(), run().go().losses());
    int epoch = stepsOfFirstEpoch(whole);
    for (int stop : new int[] {epoch / 2, epoch, 2 * epoch + 3}) {
      Path checkpoints = dir.resolve("sampled-" + stop);
      TrainerRun<LanguageModel> first = run(SAMPLED).stopAfter(checkpoints, stop);
      assertThrows(UlmfitException.class, first::go, "no stop");
      TrainerRun.Outcome resumed = run(SAMPLED).modelSeed(99).resume(checkpoints).go();
      assertSame(whole, resumed, "stopped after step " + stop);
      assertEquals(whole.losses().subList(stop, whole.losses().size()), resumed.losses());
    }
  }

  /**
   * Validation is full in any case, and ends near the full softmax's. Means of five seeds, of runs
   * long enough to be near their end: while the loss falls steeply, seeds differ by a tenth and
   * more.
   */
  @Test
  void aSampledRunLearnsWhatAFullOneLearns() {
    double full = meanLoss();
    assertTrue(full < Math.log(TinyLm.VOCABULARY) - 2, "full " + full);
    double sampled = meanLoss("lm.softmax=sampled", "lm.negatives=40");
    assertEquals(full, sampled, .06 * full);
  }

  private double meanLoss(String... overrides) {
    String[] longer = {
      "lm.stages=[" + TinyLm.phase(0, 24).replace("lr: 1.0e-2", "lr: 2.0e-2") + "]",
      "model.embeddingSize=24",
      "model.hiddenSize=32",
      "lm.dropMult=0.1"
    };
    return IntStream.rangeClosed(1, 5)
        .mapToObj(seed -> Stream.of(longer, overrides, new String[] {"seed=" + seed}))
        .map(all -> all.flatMap(Stream::of).toArray(String[]::new))
        .mapToDouble(all -> lastLoss(run(all).go()))
        .average()
        .orElseThrow();
  }

  private static double lastLoss(TrainerRun.Outcome outcome) {
    return outcome.epochs().get(outcome.epochs().size() - 1).validation().loss();
  }

  /** Nothing is drawn where all words would be. */
  @Test
  void asManyNegativesAsWordsAreTheFullSoftmax() {
    TrainerRun.Outcome all = run("lm.softmax=sampled", "lm.negatives=" + TinyLm.VOCABULARY).go();
    assertSame(run().go(), all, "all words");
  }

  /** Before it has learned anything, such a model predicts words by their frequency. */
  @Test
  void aBiasFromCountsPredictsByFrequency() {
    long[] counts = train.counts(TinyLm.VOCABULARY);
    double entropy = 0;
    for (long count : counts) {
      entropy -= count == 0 ? 0 : count * Math.log((double) count / train.tokens());
    }
    entropy /= train.tokens();
    String still = "lm.stages=[" + TinyLm.phase(0, .01).replace("lr: 1.0e-2", "lr: 1.0e-9") + "]";
    TrainerRun<LanguageModel> start =
        TinyLm.run(TinyLm.recipe(still), train, train)
            .prepare(
                model -> {
                  Parameter rows = model.encoder().embedding();
                  Tensors.set(rows.value(), FloatBuffer.allocate((int) rows.value().size()));
                  model.startBias(counts);
                });
    assertEquals(entropy, start.go().epochs().get(0).validation().loss(), .01);
    assertTrue(entropy < Math.log(TinyLm.VOCABULARY) - .05, "the words are equally frequent");
  }

  @Test
  void aValidationThatFailsLeavesTheThreadRecordingAsBefore() {
    Recipe recipe = TinyLm.recipe();
    var small = new AwdLstmSizes(10, 8, 12, 3, false); // texts have 50 words
    try (NDManager manager = NDManager.newBaseManager(Device.cpu());
        Kernels kernels = Kernels.load(Device.cpu(), Kernels.Arithmetic.FLOAT32);
        LanguageModel model = new LanguageModel(manager, kernels, small)) {
      LmTask task = new LmTask(model, train, valid, recipe, false, TinyLm.PAD);
      RecordingMode.outlives(task::validate);
    }
  }

  /** Bfloat16 kernels under the same masks: the same losses within two per cent. */
  @Test
  void bfloat16TrainsAlike() {
    String phase = "lm.stages=[" + TinyLm.phase(0, 3) + "]";
    List<Double> single = run(phase).go().losses();
    List<Double> half = run(phase).arithmetic(Kernels.Arithmetic.BFLOAT16).go().losses();
    assertEquals(single.size(), half.size());
    boolean differ = false;
    for (int i = 0; i < single.size(); i++) {
      assertEquals(single.get(i), half.get(i), .02 * single.get(i), "step " + i);
      differ |= !single.get(i).equals(half.get(i));
    }
    assertTrue(differ, "bfloat16 computed in float32");
  }

  @Test
  void aRecipeOfTheLessonRuns() {
    Recipe recipe =
        TinyLm.recipe(
            "lm.window=randomised",
            "lm.optimizer.decay=coupled",
            "lm.regularise=raw",
            "lm.optimizer.epsilonMode=before-correction",
            "model.decoderBias=false");
    TrainerRun.Outcome out = TinyLm.run(recipe, train, valid).go();
    assertEquals(13, out.tensors().size()); // embedding and 3 x 4, no decoder bias
    assertTrue(out.losses().stream().allMatch(Double::isFinite));
  }
}
