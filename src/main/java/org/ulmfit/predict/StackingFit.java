package org.ulmfit.predict;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.model.EnsembleConfig;

/**
 * Logistic regression on the logits of several models: a weight for each model and a bias for each
 * class. Minimised over the parameters θ is the sum of the rows' losses (nats) + |θ|² / 2, a
 * strictly convex function: one label a row, cross-entropy of the softmax; several, binary
 * cross-entropies of the sigmoids. That is scikit-learn's {@code LogisticRegression(C=1)} with its
 * intercept penalised, too.
 *
 * <p>Newton's method, each step by conjugate gradients, as the curvature of some thousand classes
 * has no room as a matrix. Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.1.
 */
final class StackingFit {

  private static final int MOST_STEPS = 200;

  /** Of the mean gradient of a row, where the minimum counts as reached. */
  private static final double TOLERANCE = 1e-10;

  /** The same, where the last steps are lost in the noise of the sums. */
  private static final double ENOUGH = 1e-6;

  private final Labelling labelling;
  private final double[][][] x; // (rows, models, classes)
  private final int[][] labels;
  private final int models;
  private final int classes;
  private final double[][] p; // (rows, classes), at the parameters last looked at

  private StackingFit(Labelling labelling, double[][][] x, int[][] labels) {
    this.labelling = labelling;
    this.x = x;
    this.labels = labels;
    this.models = x[0].length;
    this.classes = x[0][0].length;
    this.p = new double[x.length][classes];
  }

  /**
   * Learns weights.
   *
   * @param logits (models, rows, classes)
   * @param labels indices of each row's labels
   * @param rows which of them to learn on
   * @throws UlmfitException (failure) if a logit is not finite
   */
  static EnsembleConfig.Stacking weights(
      Labelling labelling, float[][][] logits, int[][] labels, int[] rows) {
    double[][][] x =
        Arrays.stream(rows).mapToObj(row -> row(logits, row)).toArray(double[][][]::new);
    int[][] own = Arrays.stream(rows).mapToObj(row -> labels[row]).toArray(int[][]::new);
    StackingFit fit = new StackingFit(labelling, x, own);
    double[] theta = fit.minimum();
    return new EnsembleConfig.Stacking(
        Arrays.stream(theta, 0, fit.models).boxed().toList(),
        Arrays.stream(theta, fit.models, theta.length).boxed().toList());
  }

  private static double[][] row(float[][][] logits, int row) {
    double[][] own = new double[logits.length][];
    for (int m = 0; m < own.length; m++) {
      float[] from = logits[m][row];
      own[m] = IntStream.range(0, from.length).mapToDouble(c -> from[c]).toArray();
      if (Arrays.stream(own[m]).anyMatch(z -> !Double.isFinite(z))) {
        throw UlmfitException.failure(
            "member " + (m + 1) + " answers row " + (row + 1) + " with no number; leave it out",
            null);
      }
    }
    return own;
  }

  private double[] minimum() {
    double[] theta = new double[models + classes];
    Arrays.fill(theta, 0, models, 1.0 / models);
    double value = value(theta);
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] gradient = gradient(theta);
      if (norm(gradient) <= TOLERANCE * x.length) {
        return theta;
      }
      double[] direction = newton(gradient);
      double slope = dot(gradient, direction);
      double[] next = moved(theta, direction, 1);
      double reached = value(next);
      // near the minimum the value's last bits are noise, and the whole step is right
      double noise = 1e-12 * Math.abs(value);
      for (double t = 1; reached > value + 1e-4 * t * slope + noise && t > 1e-10; ) {
        t /= 2;
        next = moved(theta, direction, t);
        reached = value(next);
      }
      theta = next;
      value = reached;
    }
    if (norm(gradient(theta)) > ENOUGH * x.length) {
      throw UlmfitException.failure(
          "the members' weights did not settle in "
              + MOST_STEPS
              + " steps: their answers are too extreme; leave --stack out",
          null);
    }
    return theta;
  }

  /** The function at θ; leaves the probabilities there behind. */
  private double value(double[] theta) {
    double sum = dot(theta, theta) / 2;
    for (int row = 0; row < x.length; row++) {
      double[] z = new double[classes];
      for (int c = 0; c < classes; c++) {
        z[c] = theta[models + c];
        for (int m = 0; m < models; m++) {
          z[c] += theta[m] * x[row][m][c];
        }
      }
      sum += labelling == Labelling.SINGLE ? softmax(z, row) : sigmoid(z, row);
    }
    return sum;
  }

  private double softmax(double[] z, int row) {
    double whole = Combination.logSum(z);
    for (int c = 0; c < classes; c++) {
      p[row][c] = Math.exp(z[c] - whole);
    }
    return whole - z[labels[row][0]];
  }

  private double sigmoid(double[] z, int row) {
    double loss = 0;
    for (int c = 0; c < classes; c++) {
      p[row][c] = Math.exp(-Combination.softplus(-z[c]));
      loss += Combination.softplus(z[c]);
    }
    for (int label : labels[row]) {
      loss -= z[label];
    }
    return loss;
  }

  private double[] gradient(double[] theta) {
    double[] gradient = theta.clone();
    for (int row = 0; row < x.length; row++) {
      double[] error = p[row].clone();
      for (int label : labels[row]) {
        error[label] -= 1;
      }
      add(gradient, row, error);
    }
    return gradient;
  }

  /** Adds what a change of a row's logits (classes) means for the parameters. */
  private void add(double[] sum, int row, double[] change) {
    for (int m = 0; m < models; m++) {
      sum[m] += dot(x[row][m], change);
    }
    for (int c = 0; c < classes; c++) {
      sum[models + c] += change[c];
    }
  }

  /** The curvature at the last θ times a vector. */
  private double[] curvature(double[] v) {
    double[] product = v.clone();
    for (int row = 0; row < x.length; row++) {
      double[] change = new double[classes];
      for (int c = 0; c < classes; c++) {
        change[c] = v[models + c];
        for (int m = 0; m < models; m++) {
          change[c] += v[m] * x[row][m][c];
        }
      }
      double mean = labelling == Labelling.SINGLE ? dot(p[row], change) : 0;
      for (int c = 0; c < classes; c++) {
        double own = labelling == Labelling.SINGLE ? mean : p[row][c] * change[c];
        change[c] = p[row][c] * (change[c] - own);
      }
      add(product, row, change);
    }
    return product;
  }

  /** Solves curvature · d = -gradient by conjugate gradients. */
  private double[] newton(double[] gradient) {
    double[] d = new double[gradient.length];
    double[] rest = Arrays.stream(gradient).map(g -> -g).toArray();
    double[] way = rest.clone();
    double square = dot(rest, rest);
    double enough = square * Math.min(1e-4, square);
    for (int i = 0; i < 2 * d.length + 10 && square > enough && square > 0; i++) {
      double[] bent = curvature(way);
      double t = square / dot(way, bent); // the curvature is positive: the penalty sees to it
      d = moved(d, way, t);
      rest = moved(rest, bent, -t);
      double next = dot(rest, rest);
      way = moved(rest, way, next / square);
      square = next;
    }
    return d;
  }

  private static double[] moved(double[] from, double[] way, double t) {
    double[] to = from.clone();
    for (int i = 0; i < to.length; i++) {
      to[i] += t * way[i];
    }
    return to;
  }

  private static double norm(double[] v) {
    return Math.sqrt(dot(v, v));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
