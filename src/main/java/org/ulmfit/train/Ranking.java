package org.ulmfit.train;

import java.util.Arrays;

/**
 * Rows ranked by the probability of a label: at each different probability that a row of the label
 * has, what answering all rows of at least that probability would give. In between there are rows
 * without the label only, so no other threshold has a better precision at the same recall.
 *
 * @param scores the different probabilities of rows of the label, greatest first
 * @param hits rows of the label that have at least that probability
 * @param answers rows that have at least that probability
 * @param below the greatest probability under that one; negative infinity if there is none
 */
record Ranking(float[] scores, long[] hits, long[] answers, float[] below) {

  /**
   * Ranks pairs of row and label; several labels are pooled as if they were one.
   *
   * @param probabilities (rows, labels)
   * @param truth indices of each row's labels
   * @param labels indices of those to rank
   */
  static Ranking of(float[][] probabilities, int[][] truth, int... labels) {
    float[] positive = positives(probabilities, truth, labels);
    Ranking ranking = distinct(positive);
    for (float[] row : probabilities) {
      for (int label : labels) {
        ranking.count(row[label]);
      }
    }
    for (int k = 1; k < ranking.scores.length; k++) {
      ranking.answers[k] += ranking.answers[k - 1];
    }
    return ranking;
  }

  private static float[] positives(float[][] probabilities, int[][] truth, int[] labels) {
    boolean[] wanted = new boolean[1 + Arrays.stream(labels).max().orElse(-1)];
    for (int label : labels) {
      wanted[label] = true;
    }
    float[] found = new float[16];
    int n = 0;
    for (int row = 0; row < truth.length; row++) {
      for (int label : truth[row]) {
        if (label < wanted.length && wanted[label]) {
          found = n == found.length ? Arrays.copyOf(found, 2 * n) : found;
          found[n++] = probabilities[row][label];
        }
      }
    }
    return Arrays.copyOf(found, n);
  }

  private static Ranking distinct(float[] positive) {
    Arrays.sort(positive);
    float[] scores = new float[positive.length];
    long[] hits = new long[positive.length];
    int k = 0;
    long atLeast = 0;
    for (int i = positive.length - 1; i >= 0; i--) {
      if (k == 0 || scores[k - 1] != positive[i]) {
        scores[k++] = positive[i];
      }
      hits[k - 1] = ++atLeast;
    }
    float[] below = new float[k];
    Arrays.fill(below, Float.NEGATIVE_INFINITY);
    return new Ranking(Arrays.copyOf(scores, k), Arrays.copyOf(hits, k), new long[k], below);
  }

  /** A pair counts from the greatest score on that is not above it; is it the next one below? */
  private void count(float probability) {
    int first = 0;
    int end = scores.length;
    while (first < end) {
      int middle = (first + end) >>> 1;
      if (scores[middle] <= probability) {
        end = middle;
      } else {
        first = middle + 1;
      }
    }
    if (first < scores.length) {
      answers[first]++;
    }
    if (first > 0) {
      below[first - 1] = Math.max(below[first - 1], probability);
    }
  }

  /** Pairs that have the label. */
  long positives() {
    return hits.length == 0 ? 0 : hits[hits.length - 1];
  }

  /**
   * The area under precision against recall as a step function; rows of one probability are
   * answered together. 0 without positives. Source: scikit-learn, {@code average_precision_score}.
   */
  double averagePrecision() {
    double sum = 0;
    long before = 0;
    for (int k = 0; k < scores.length; k++) {
      sum += (double) (hits[k] - before) * hits[k] / answers[k];
      before = hits[k];
    }
    return before == 0 ? 0 : sum / before;
  }
}
