package org.ulmfit.check;

import java.util.Arrays;

/**
 * How long texts are, in words.
 *
 * @param sorted lengths, the shortest first
 */
record Lengths(int[] sorted) {
  /** Width of a bin; the last one is open. */
  static final int WIDTH = 100;

  static final int BINS = 9;

  /** Of lengths in any order. */
  static Lengths of(int[] lengths) {
    int[] sorted = lengths.clone();
    Arrays.sort(sorted);
    return new Lengths(sorted);
  }

  int size() {
    return sorted.length;
  }

  /** 0 of none. */
  double median() {
    int n = sorted.length;
    return n == 0 ? 0 : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2.0;
  }

  /** The smallest length that so large a share of the texts does not exceed; 0 of none. */
  int quantile(double share) {
    int n = sorted.length;
    return n == 0 ? 0 : sorted[Math.min(n - 1, (int) Math.ceil(share * n) - (share > 0 ? 1 : 0))];
  }

  double mean() {
    return Arrays.stream(sorted).average().orElse(0);
  }

  /** Of a sample: divided by one less than its size; 0 of fewer than two. */
  double variance() {
    double mean = mean();
    double sum = Arrays.stream(sorted).mapToDouble(n -> (n - mean) * (n - mean)).sum();
    return sorted.length < 2 ? 0 : sum / (sorted.length - 1);
  }

  /** Texts in each bin: 0-99 words, 100-199, ... and 800 or more. */
  long[] bins() {
    long[] bins = new long[BINS];
    for (int length : sorted) {
      bins[Math.min(BINS - 1, length / WIDTH)]++;
    }
    return bins;
  }

  /** Name of a bin. */
  static String bin(int index) {
    int from = index * WIDTH;
    return index == BINS - 1 ? from + "+" : from + "-" + (from + WIDTH - 1);
  }
}
