package org.ulmfit.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ThresholdsPropertyTest {

  /** Rows of labels and probabilities; few different ones: many ties. */
  private record Rows(float[][] probabilities, int[][] truth) {

    static Rows random(int rows, int labels, int different, long seed) {
      Random random = new Random(seed);
      double[] share = random.doubles(labels).toArray();
      float[][] probabilities = new float[rows][labels];
      int[][] truth = new int[rows][];
      for (int row = 0; row < rows; row++) {
        truth[row] =
            IntStream.range(0, labels).filter(l -> random.nextDouble() < share[l]).toArray();
        for (int label = 0; label < labels; label++) {
          probabilities[row][label] = random.nextInt(different + 1) / (float) different;
        }
      }
      return new Rows(probabilities, truth);
    }

    long positives(int label) {
      return Arrays.stream(truth).flatMapToInt(Arrays::stream).filter(l -> l == label).count();
    }
  }

  /** Hits, and rows marked by truth or answer, twice where by both. */
  private static long[] counts(Rows rows, int[] labels, double threshold) {
    long hits = 0;
    long marked = 0;
    for (int row = 0; row < rows.truth.length; row++) {
      for (int label : labels) {
        boolean answered = rows.probabilities[row][label] >= threshold;
        int l = label;
        boolean has = IntStream.of(rows.truth[row]).anyMatch(t -> t == l);
        hits += answered && has ? 1 : 0;
        marked += (answered ? 1 : 0) + (has ? 1 : 0);
      }
    }
    return new long[] {hits, marked};
  }

  private static double f1(long[] counts) {
    return counts[1] == 0 ? 0 : 2.0 * counts[0] / counts[1];
  }

  /** Tries the middle between every two neighbours; of the best the one nearest to 0.5. */
  private static double tried(Rows rows, int... labels) {
    TreeSet<Double> values = new TreeSet<>();
    for (float[] row : rows.probabilities) {
      for (int label : labels) {
        values.add((double) row[label]);
      }
    }
    double best = 0.5;
    double f1 = 0;
    for (double value : values.descendingSet()) {
      Double below = values.lower(value);
      double threshold = ((below == null ? 0 : below) + value) / 2;
      double now = f1(counts(rows, labels, threshold));
      if (now > f1 || now == f1 && now > 0 && Math.abs(threshold - .5) < Math.abs(best - .5)) {
        best = threshold;
        f1 = now;
      }
    }
    return best;
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void noThresholdIsBetter(
      @ForAll @IntRange(min = 1, max = 60) int rows,
      @ForAll @IntRange(min = 1, max = 5) int labels,
      @ForAll @IntRange(min = 1, max = 400) int different,
      @ForAll long seed) {
    Rows given = Rows.random(rows, labels, different, seed);
    double[] chosen = Thresholds.choose(given.probabilities, given.truth, labels);
    int[] few =
        IntStream.range(0, labels)
            .filter(l -> given.positives(l) < Thresholds.FEWEST_ROWS)
            .toArray();
    double shared = tried(given, few);
    for (int label = 0; label < labels; label++) {
      boolean own = given.positives(label) >= Thresholds.FEWEST_ROWS;
      assertEquals(own ? tried(given, label) : shared, chosen[label], "label " + label);
    }
  }

  /** Two neighbours as near as floats can be are still told apart. */
  @Example
  void neighboursAreToldApart() {
    float[][] probabilities = new float[20][1];
    int[][] truth = new int[20][];
    for (int row = 0; row < 20; row++) {
      boolean has = row < 10;
      probabilities[row][0] = has ? Math.nextUp(.3f) : .3f;
      truth[row] = has ? new int[] {0} : new int[0];
    }
    double threshold = Thresholds.choose(probabilities, truth, 1)[0];
    assertTrue(threshold > .3f && threshold < Math.nextUp(.3f), "" + threshold);
  }

  @Example
  void labelsOfFewRowsShareOneThreshold() {
    float[][] probabilities = new float[30][3];
    int[][] truth = new int[30][];
    for (int row = 0; row < 30; row++) {
      probabilities[row] = new float[] {row < 10 ? .9f : .7f, row < 9 ? .4f : .2f, .1f};
      truth[row] = row < 9 ? new int[] {0, 1} : row < 10 ? new int[] {0} : new int[0];
    }
    double[] chosen = Thresholds.choose(probabilities, truth, 3);
    assertArrayEquals(new double[] {.8, .3, .3}, chosen, 1e-6);
    int[][] none = new int[30][0];
    assertArrayEquals(new double[] {.5, .5, .5}, Thresholds.choose(probabilities, none, 3));
    assertArrayEquals(new double[0], Thresholds.choose(probabilities, none, 0));
  }

  /** Answering all is best; from 0 to the least probability one threshold is as good as another. */
  @Example
  void nothingBelowCountsAsZero() {
    float[][] probabilities = new float[12][1];
    int[][] truth = new int[12][];
    for (int row = 0; row < 12; row++) {
      probabilities[row][0] = .5f + row / 100f;
      truth[row] = new int[] {0};
    }
    assertEquals(.25, Thresholds.choose(probabilities, truth, 1)[0]);
  }
}
