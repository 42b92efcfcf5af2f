package org.ulmfit.ngram;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;

/**
 * Logistic regression on several classes at once: minimise |W|² / 2 + Σ cost · (-ln softmax(W x) of
 * the row's class), intercepts penalised as in {@link Problem}; scikit-learn's {@code
 * LogisticRegression} with a column of ones. What it costs in memory is classes × columns, some ten
 * to twenty times ({@link Lbfgs}).
 */
final class SoftmaxRegression implements Lbfgs.Function {
  private final Matrix x;
  private final int[] rows;
  private final int[] truth; // (rows)
  private final double[] costs; // (rows)
  private final double[][] errors; // (classes, rows): logits, then what the loss's slope is
  private final double[] losses; // (rows)

  /**
   * @param weights (classes) of the rows' losses; null: 1
   */
  SoftmaxRegression(
      Matrix x, Truth truth, int[] rows, double strength, float @Nullable [] weights) {
    this.x = x;
    this.rows = rows;
    this.truth = Arrays.stream(rows).map(row -> truth.labels()[row][0]).toArray();
    this.costs =
        Arrays.stream(this.truth)
            .mapToDouble(label -> strength * (weights == null ? 1 : weights[label]))
            .toArray();
    this.errors = new double[truth.classes()][rows.length];
    this.losses = new double[rows.length];
  }

  /** A vector for each class. */
  List<Solution> minimum(SolverSettings settings, Stop stop) {
    Lbfgs.Minimum minimum = Lbfgs.minimum(this, errors.length, x.width() + 1, settings, stop);
    return Arrays.stream(minimum.x()).map(w -> new Solution(w, minimum.settled())).toList();
  }

  @Override
  public double at(double[][] w, double[][] gradient) {
    classes().forEach(k -> logits(w[k], errors[k]));
    IntStream.range(0, rows.length).parallel().forEach(this::softmax);
    classes().forEach(k -> gradient(w[k], errors[k], gradient[k]));
    double value = Arrays.stream(losses).sum();
    for (double[] own : w) {
      value += square(own) / 2;
    }
    return value;
  }

  private IntStream classes() {
    return IntStream.range(0, errors.length).parallel();
  }

  private void logits(double[] w, double[] logits) {
    for (int i = 0; i < rows.length; i++) {
      logits[i] = x.times(rows[i], w) + w[x.width()];
    }
  }

  /** Makes a row's loss, and its logits' slopes of them. */
  private void softmax(int i) {
    double most = Double.NEGATIVE_INFINITY;
    for (double[] logits : errors) {
      most = Math.max(most, logits[i]);
    }
    double sum = 0;
    for (double[] logits : errors) {
      sum += Math.exp(logits[i] - most);
    }
    double whole = most + Math.log(sum);
    losses[i] = costs[i] * (whole - errors[truth[i]][i]);
    for (int k = 0; k < errors.length; k++) {
      double p = Math.exp(errors[k][i] - whole);
      errors[k][i] = costs[i] * (k == truth[i] ? p - 1 : p);
    }
  }

  private void gradient(double[] w, double[] error, double[] gradient) {
    System.arraycopy(w, 0, gradient, 0, w.length);
    for (int i = 0; i < rows.length; i++) {
      x.addTo(gradient, rows[i], error[i]);
      gradient[x.width()] += error[i];
    }
  }

  private static double square(double[] w) {
    double sum = 0;
    for (double element : w) {
      sum += element * element;
    }
    return sum;
  }
}
