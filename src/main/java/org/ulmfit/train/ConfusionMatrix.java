package org.ulmfit.train;

import java.util.Arrays;

/**
 * Counts of true against predicted classes and the measures read off them. A measure whose
 * denominator is zero (a class never predicted, or absent) is 0.
 */
public final class ConfusionMatrix {

  private final long[][] counts;

  public ConfusionMatrix(int classes) {
    counts = new long[classes][classes];
  }

  /** Counts one row. */
  public void add(int actual, int predicted) {
    counts[actual][predicted]++;
  }

  /** A copy of the counts: (true class, predicted class). */
  public long[][] counts() {
    return Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
  }

  public int classes() {
    return counts.length;
  }

  /** Rows counted. */
  public long total() {
    return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
  }

  /** Rows predicted right. */
  public long correct() {
    long hits = 0;
    for (int c = 0; c < counts.length; c++) {
      hits += counts[c][c];
    }
    return hits;
  }

  public double accuracy() {
    return ratio(correct(), total());
  }

  /** Rows whose true class is {@code c}. */
  public long support(int c) {
    return Arrays.stream(counts[c]).sum();
  }

  /** Share of the rows predicted as {@code c} that are {@code c}. */
  public double precision(int c) {
    return ratio(counts[c][c], predicted(c));
  }

  /** Share of the rows of {@code c} that are predicted as {@code c}. */
  public double recall(int c) {
    return ratio(counts[c][c], support(c));
  }

  /** Harmonic mean of precision and recall. */
  public double f1(int c) {
    return ratio(2 * counts[c][c], support(c) + predicted(c));
  }

  /** Plain mean of the classes' F1. */
  public double macroF1() {
    double sum = 0;
    for (int c = 0; c < counts.length; c++) {
      sum += f1(c);
    }
    return sum / counts.length;
  }

  private long predicted(int c) {
    return Arrays.stream(counts).mapToLong(row -> row[c]).sum();
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
