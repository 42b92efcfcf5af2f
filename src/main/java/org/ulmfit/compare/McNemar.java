package org.ulmfit.compare;

/**
 * McNemar's exact test of two classifiers on the same rows: how probable it is that the rows which
 * only one of them gets right are shared out as unevenly as this, or more so, if both were equally
 * good. McNemar 1947; the binomial distribution itself for any number of rows, of which the
 * chi-square with continuity correction is the approximation.
 *
 * @param first rows that only the first gets right
 * @param second rows that only the second gets right
 * @param p two-sided; 1 if there are no such rows
 */
record McNemar(int first, int second, double p) {
  /** Below this a difference is called significant. */
  static final double LEVEL = .05;

  static McNemar of(boolean[] firstRight, boolean[] secondRight) {
    int first = 0;
    int second = 0;
    for (int row = 0; row < firstRight.length; row++) {
      first += firstRight[row] && !secondRight[row] ? 1 : 0;
      second += secondRight[row] && !firstRight[row] ? 1 : 0;
    }
    return of(first, second);
  }

  static McNemar of(int first, int second) {
    return new McNemar(
        first, second, Math.min(1, 2 * cumulative(Math.min(first, second), first + second)));
  }

  boolean significant() {
    return p < LEVEL;
  }

  /** Probability of at most k heads in n tosses of a fair coin, k at most n / 2. */
  private static double cumulative(int k, int n) {
    double log = -n * Math.log(2); // of the k-th term
    for (int i = 1; i <= k; i++) {
      log += Math.log((double) (n - k + i) / i);
    }
    double sum = 0;
    double term = 1; // in units of the k-th
    for (int i = k; i >= 0 && term > 1e-17; i--) {
      sum += term;
      term *= i / (double) (n - i + 1);
    }
    return Math.exp(log + Math.log(sum));
  }
}
