package org.ulmfit.train;

/** Where a figure lies with a confidence of 95%. */
public record Interval(double low, double high) {
  /** Of the standard normal distribution, 97.5%. */
  private static final double Z = 1.959963984540054;

  /**
   * Wilson's score interval of a share. Wilson 1927.
   *
   * @param hits of so many trials, at least one
   */
  public static Interval wilson(long hits, long trials) {
    double p = (double) hits / trials;
    double z2 = Z * Z / trials;
    double middle = (p + z2 / 2) / (1 + z2);
    double half = Z / (1 + z2) * Math.sqrt(p * (1 - p) / trials + z2 / trials / 4);
    // exact at the ends, where rounding would leave a trace
    double low = hits == 0 ? 0 : middle - half;
    double high = hits == trials ? 1 : middle + half;
    return new Interval(low, high);
  }
}
