package org.ulmfit.ngram;

import org.jspecify.annotations.Nullable;

/**
 * Rows on two sides, to be told apart by a vector w: minimise |w|² / 2 + Σ cost · loss(± x·w). The
 * last element of w is the intercept, which belongs to a column of ones and is penalised like the
 * others. Fan et al. 2008, LIBLINEAR, section 2.
 *
 * @param x (documents, columns)
 * @param rows which of them
 * @param positive (rows) the side of each
 * @param costs (rows) of each one's loss, above 0
 */
record Problem(Matrix x, int[] rows, boolean[] positive, double[] costs) {

  /**
   * The rows that an output speaks for against all others.
   *
   * @param strength C, what a loss costs
   * @param weights (labels) of the rows: where a row has one of two labels, that label's; otherwise
   *     the output's own, for the rows that it speaks for. null: 1
   */
  static Problem of(
      Matrix x, Truth truth, int[] rows, int output, double strength, float @Nullable [] weights) {
    boolean[] positive = new boolean[rows.length];
    double[] costs = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      positive[i] = truth.positive(rows[i], output);
      double weight = 1;
      if (weights != null && truth.isBinary()) {
        weight = weights[positive[i] ? 1 : 0];
      } else if (weights != null && positive[i]) {
        weight = weights[output];
      }
      costs[i] = strength * weight;
    }
    return new Problem(x, rows, positive, costs);
  }

  int size() {
    return rows.length;
  }

  /** Elements of w. */
  int dimension() {
    return x.width() + 1;
  }

  /** x·w of a row, positive where w puts it on its own side. */
  double margin(int i, double[] w) {
    double z = x.times(rows[i], w) + w[x.width()];
    return positive[i] ? z : -z;
  }

  /** Moves w so that the row's margin grows by t times its square. */
  void push(int i, double[] w, double t) {
    double own = positive[i] ? t : -t;
    x.addTo(w, rows[i], own);
    w[x.width()] += own;
  }

  /** The row's sum of squares, intercept included. */
  double square(int i) {
    return x.square(rows[i]) + 1;
  }
}
