package org.ulmfit.train;

/** Small formulas of evaluation. */
public final class Metrics {

  private Metrics() {}

  /** Perplexity of a mean cross-entropy in nats. */
  public static double perplexity(double crossEntropy) {
    return Math.exp(crossEntropy);
  }

  /** Index of the largest value; the first one where several are equal. */
  public static int argMax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }
}
