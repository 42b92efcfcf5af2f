package org.ulmfit.check;

import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * Pearson's chi-square test of whether two samples have the same distribution over bins. Bins that
 * are empty in both are left out. Source: Pearson 1900; as scipy.stats.chi2_contingency without
 * correction.
 *
 * @param statistic sum of (observed - expected)^2 / expected
 * @param freedom degrees of freedom: bins less one
 * @param critical what the statistic exceeds in one of twenty samples of the same distribution
 * @param p how often it is at least as great
 */
record ChiSquare(double statistic, int freedom, double critical, double p) {
  private static final double LEVEL = 0.05;

  /**
   * Of two samples, neither of which is empty.
   *
   * @return with no freedom, no difference, where both are in one bin
   */
  static ChiSquare of(long[] first, long[] second) {
    int[] bins = IntStream.range(0, first.length).filter(b -> first[b] + second[b] > 0).toArray();
    double n = IntStream.of(bins).mapToDouble(b -> first[b]).sum();
    double m = IntStream.of(bins).mapToDouble(b -> second[b]).sum();
    int freedom = bins.length - 1;
    if (freedom < 1) {
      return new ChiSquare(0, 0, 0, 1);
    }
    double statistic = 0;
    for (int b : bins) {
      double one = first[b];
      double other = second[b];
      statistic += squared(one, (one + other) * n / (n + m));
      statistic += squared(other, (one + other) * m / (n + m));
    }
    ChiSquaredDistribution distribution = ChiSquaredDistribution.of(freedom);
    return new ChiSquare(
        statistic,
        freedom,
        distribution.inverseSurvivalProbability(LEVEL),
        distribution.survivalProbability(statistic));
  }

  private static double squared(double observed, double expected) {
    return (observed - expected) * (observed - expected) / expected;
  }

  /** Whether the samples differ more than samples of one distribution do. */
  boolean differ() {
    return p < LEVEL;
  }
}
