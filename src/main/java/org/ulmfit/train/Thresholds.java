package org.ulmfit.train;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * From which probability on a label is answered: {@code p >= threshold}, both as doubles. What is
 * chosen on few rows fits their accidents, so labels of few rows share one threshold.
 */
public final class Thresholds {

  /** A label with fewer rows than this has no threshold of its own. */
  public static final int FEWEST_ROWS = 10;

  /** Where there is nothing to choose by. */
  public static final double UNKNOWN = 0.5;

  private Thresholds() {}

  /**
   * For each label the threshold with the greatest F1 on these rows. Labels of fewer than {@link
   * #FEWEST_ROWS} rows, of none too, share the one with the greatest micro F1 over them all; {@link
   * #UNKNOWN} if none of them has a row. A threshold lies halfway between the least probability
   * that it lets pass and the next one below, or 0 if there is none below; of several thresholds as
   * good as each other it is the one nearest to 0.5, of two equally near the greater.
   *
   * @param probabilities (rows, labels), of rows that were not trained on
   * @param truth indices of each row's labels
   * @param labels number of labels there are
   * @return (labels)
   */
  public static double[] choose(float[][] probabilities, int[][] truth, int labels) {
    long[] rows = new long[labels];
    for (int[] own : truth) {
      for (int label : own) {
        rows[label]++;
      }
    }
    double[] thresholds = new double[labels];
    int[] few = IntStream.range(0, labels).filter(l -> rows[l] < FEWEST_ROWS).toArray();
    double shared = best(Ranking.of(probabilities, truth, few));
    Arrays.setAll(
        thresholds,
        label ->
            rows[label] < FEWEST_ROWS ? shared : best(Ranking.of(probabilities, truth, label)));
    return thresholds;
  }

  private static double best(Ranking ranking) {
    long hits = 0; // of the best so far
    long marked = 1; // its positives and its answers: F1 is 2 hits / marked
    double best = UNKNOWN;
    for (int k = 0; k < ranking.scores().length; k++) {
      long nowMarked = ranking.positives() + ranking.answers()[k];
      int better = Long.compare(ranking.hits()[k] * marked, hits * nowMarked);
      double threshold = between(ranking.below()[k], ranking.scores()[k]);
      if (better > 0 || better == 0 && nearer(threshold, best)) {
        hits = ranking.hits()[k];
        marked = nowMarked;
        best = threshold;
      }
    }
    return best;
  }

  /** Two floats leave room between them for a double, however near they are. */
  private static double between(float below, float score) {
    return (Math.max(0, (double) below) + score) / 2;
  }

  /** Thresholds come from the greatest down, so an equally near one is less. */
  private static boolean nearer(double threshold, double best) {
    return Math.abs(threshold - UNKNOWN) < Math.abs(best - UNKNOWN);
  }
}
