package org.ulmfit.train;

/** Small formulas of evaluation. */
public final class Metrics {

  private Metrics() {}

  /** Perplexity of a mean cross-entropy in nats. */
  public static double perplexity(double crossEntropy) {
    return Math.exp(crossEntropy);
  }

  /** Probabilities of logits, of which one holds. */
  public static double[] softmax(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double[] p = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i] - max);
      sum += p[i];
    }
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
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
