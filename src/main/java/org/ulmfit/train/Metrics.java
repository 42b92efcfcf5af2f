package org.ulmfit.train;

/** Small formulas of evaluation. */
public final class Metrics {

  private Metrics() {}

  /** Perplexity of a mean cross-entropy in nats. */
  public static double perplexity(double crossEntropy) {
    return Math.exp(crossEntropy);
  }

  /** Index of the largest value; the first one where several are equal. */
  public static int argMax(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
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

  /**
   * Mean of two models' probabilities, as for a forward and a backward classifier (Howard and Ruder
   * 2018, section 4): probabilities after the softmax, not logits, rows in the same order.
   *
   * @param a (rows, classes)
   * @param b (rows, classes)
   * @return (rows, classes)
   */
  public static double[][] ensemble(double[][] a, double[][] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(a.length + " rows against " + b.length);
    }
    double[][] mean = new double[a.length][];
    for (int row = 0; row < a.length; row++) {
      if (a[row].length != b[row].length) {
        throw new IllegalArgumentException(a[row].length + " classes against " + b[row].length);
      }
      mean[row] = new double[a[row].length];
      for (int c = 0; c < mean[row].length; c++) {
        mean[row][c] = (a[row][c] + b[row][c]) / 2;
      }
    }
    return mean;
  }
}
