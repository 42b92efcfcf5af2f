package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Labelling;
import org.ulmfit.model.Tempering;
import org.ulmfit.ngram.Folds;
import org.ulmfit.ngram.Truth;
import org.ulmfit.train.Temperature;
import org.ulmfit.train.TemperatureGain;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.TokenStoreWriter;

/** Whether validation rows keep a temperature. */
class TemperatureChoiceTest {
  private static final List<String> LABELS = List.of("a", "b", "c");

  @TempDir Path dir;

  /** Labels drawn by the softmax of logits, which are then a number of times too large. */
  private TemperatureChoice choice(int rows, long seed, double times) {
    return choice(rows, truth(rows, seed), logits(rows, seed, times));
  }

  private TemperatureChoice choice(int rows, int[][] truth, float[][] logits) {
    Path file = dir.resolve("valid.tokens");
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      for (int row = 0; row < rows; row++) {
        writer.append("row" + row, new int[] {2}, truth[row]);
      }
      writer.finish();
    }
    try (TokenStore store = TokenStore.open(file)) {
      return TemperatureChoice.of(logits, store, LABELS, Labelling.SINGLE);
    }
  }

  private static float[][] logits(int rows, long seed, double times) {
    Random random = new Random(seed);
    float[][] logits = new float[rows][LABELS.size()];
    for (float[] row : logits) {
      for (int c = 0; c < row.length; c++) {
        row[c] = (float) (times * 2 * random.nextGaussian());
      }
    }
    return logits;
  }

  private static int[][] truth(int rows, long seed) {
    Random random = new Random(~seed);
    float[][] logits = logits(rows, seed, 1);
    int[][] truth = new int[rows][];
    for (int row = 0; row < rows; row++) {
      float[] p = new Softmax().probabilities(logits[row]);
      double left = random.nextDouble();
      int label = 0;
      while (label < p.length - 1 && left >= p[label]) {
        left -= p[label++];
      }
      truth[row] = new int[] {label};
    }
    return truth;
  }

  @Test
  void logitsThatAreThreeTimesTooLargeAreDividedByThree() {
    TemperatureChoice choice = choice(4000, 1, 3);
    assertEquals(3, choice.temperature(), 0.2);
    TemperatureGain.Change change = Objects.requireNonNull(choice.heldOut());
    assertTrue(change.after().loss() < change.before().loss() - 0.1, change.toString());
    assertTrue(change.before().calibration().error() > 0.1, change.toString());
    assertTrue(change.after().calibration().error() < 0.02, change.toString());
  }

  @Test
  void rowsAreMeasuredAtTheTemperatureOfTheHalfThatTheyAreNotIn() {
    int rows = 200;
    int[][] truth = truth(rows, 4);
    float[][] logits = logits(rows, 4, 3);
    TemperatureGain.Change change = Objects.requireNonNull(choice(rows, truth, logits).heldOut());
    int[] half = Folds.of(new Truth(Labelling.SINGLE, LABELS.size(), truth), 2, 0);
    double[] temperatures = new double[2];
    for (int own = 0; own < 2; own++) {
      int in = own;
      int[] chosen = IntStream.range(0, rows).filter(row -> half[row] == in).toArray();
      assertEquals(rows / 2, chosen.length, 1);
      temperatures[own] =
          Temperature.fit(
                  Labelling.SINGLE,
                  Arrays.stream(chosen).mapToObj(row -> logits[row]).toArray(float[][]::new),
                  Arrays.stream(chosen).mapToObj(row -> truth[row]).toArray(int[][]::new),
                  Tempering.LEAST,
                  Tempering.MOST)
              .orElseThrow();
    }
    assertNotEquals(temperatures[0], temperatures[1], 0.01);
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      float[][] one = Tempering.divided(new float[][] {logits[row]}, temperatures[1 - half[row]]);
      sum += new Softmax().loss(one[0], truth[row]);
    }
    assertEquals(sum / rows, change.after().loss(), 1e-12);
  }

  /**
   * Chosen on all rows it always lowers their loss a little; held-out rows tell that it is noise.
   */
  @Test
  void logitsThatAreRightAreLeftAlone() {
    long left = 0;
    for (long seed = 0; seed < 20; seed++) {
      TemperatureChoice choice = choice(200, seed, 1);
      if (choice.temperature() == 1) {
        left++;
        assertNull(choice.heldOut());
        String line = choice.line().orElseThrow();
        assertTrue(
            line.startsWith("temperature 1: another would not help: log loss of validation"), line);
      }
    }
    assertTrue(left >= 5, "left alone: " + left + " of 20");
  }

  @Test
  void rowsThatAreAllAnsweredRightlyChooseNone() {
    int[][] truth = truth(300, 2);
    float[][] logits = new float[300][LABELS.size()];
    for (int row = 0; row < 300; row++) {
      logits[row][truth[row][0]] = 2;
    }
    TemperatureChoice choice = choice(300, truth, logits);
    assertEquals(1, choice.temperature());
    assertTrue(choice.line().orElseThrow().contains("answered rightly"));
    assertEquals(Optional.empty(), TemperatureChoice.notAsked().line());
  }
}
