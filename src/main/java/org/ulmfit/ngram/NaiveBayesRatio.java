package org.ulmfit.ngram;

import java.util.function.IntPredicate;

/**
 * How much more of one side's n-grams an n-gram is than of the other's: r = ln((p / |p|₁) / (q /
 * |q|₁)), where p is 1 + the number of rows of the one side that have the n-gram, q the same of the
 * other side. Wang and Manning 2012, Baselines and Bigrams, section 2.1, on binary counts.
 */
public final class NaiveBayesRatio {
  private static final double ALPHA = 1;

  private NaiveBayesRatio() {}

  /**
   * The ratio of each n-gram.
   *
   * @param counts (documents, columns)
   * @param rows which of them to learn on
   * @param positive whether a row is of the one side
   * @return (columns)
   */
  public static float[] learn(SparseMatrix counts, int[] rows, IntPredicate positive) {
    double[] p = counts.present(rows, row -> positive.test(row) ? 1 : 0);
    double[] q = counts.present(rows, row -> positive.test(row) ? 0 : 1);
    double shift = Math.log(sum(q) / sum(p));
    float[] ratio = new float[p.length];
    for (int c = 0; c < ratio.length; c++) {
      ratio[c] = (float) (Math.log((p[c] + ALPHA) / (q[c] + ALPHA)) + shift);
    }
    return ratio;
  }

  private static double sum(double[] counts) {
    double sum = counts.length * ALPHA;
    for (double count : counts) {
      sum += count;
    }
    return sum;
  }

  /**
   * Weights of r ∘ x as weights of x, drawn towards the ratios: r ∘ (β w + (1 - β) mean |w|). There
   * section 2.3.
   *
   * @param w (columns and what else follows)
   * @param beta 1: the weights as they are
   * @return (columns)
   */
  static float[] weights(float[] ratio, double[] w, double beta) {
    double sum = 0;
    for (int c = 0; c < ratio.length; c++) {
      sum += Math.abs(w[c]);
    }
    double mean = sum / Math.max(1, ratio.length);
    float[] weights = new float[ratio.length];
    for (int c = 0; c < weights.length; c++) {
      weights[c] = (float) (ratio[c] * (beta * w[c] + (1 - beta) * mean));
    }
    return weights;
  }
}
