package org.ulmfit.ngram;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;

/**
 * Logistic regressions of four outputs side by side, which read the rows together: the minimum of
 * {@link DualLogistic} by Newton's method, each step by conjugate gradients, halved until the loss
 * sinks enough. Faster than the dual where losses cost much and a rough minimum will do, as when
 * strengths are tried. The stopping rule is LIBLINEAR's; Lin, Weng and Keerthi 2008, Trust Region
 * Newton Method for Large-Scale Logistic Regression.
 */
final class NewtonLogistic {
  /** How many outputs are learned together. */
  static final int SIDE = 4;

  private static final int MOST_STEPS = 100;
  private static final int MOST_TURNS = 200; // of conjugate gradients in a step
  private static final double LOOSE = 0.3; // share of the gradient that a step may leave, at most
  private static final double ENOUGH = 1e-2; // of what a step promises, Armijo
  private static final double SHORTEST = 1e-6;
  private static final double NOISE = 1e-12;

  private final SparseMatrix x;
  private final int[] rows;
  private final int outputs; // SIDE at most
  private final double[] costs; // (rows, SIDE), below 0 where the output is against the row
  private final double[] rarest; // (SIDE) share of the rows of the smaller side

  // (columns + 1, SIDE), the intercept last
  private final double[] w;
  private final double[] gradient;
  private final double[] scale; // the curvature's diagonal
  private final double[] step;
  private final double[] rest; // of the step's equation
  private final double[] way;
  private final double[] bent; // curvature times way

  // (rows, SIDE)
  private final double[] margins;
  private final double[] moved; // how the step moves them
  private final double[] bend; // second derivatives of the losses

  /**
   * @param first of the outputs
   * @param start of the outputs, where to begin; null: at 0
   */
  NewtonLogistic(
      SparseMatrix x,
      Truth truth,
      int[] rows,
      int first,
      double strength,
      float @Nullable [] weights,
      Solution @Nullable [] start) {
    this.x = x;
    this.rows = rows;
    this.outputs = Math.min(SIDE, truth.outputs() - first);
    this.costs = new double[rows.length * SIDE];
    this.rarest = new double[SIDE];
    for (int k = 0; k < outputs; k++) {
      Problem one = Problem.of(x, truth, rows, first + k, strength, weights);
      int positive = 0;
      for (int i = 0; i < rows.length; i++) {
        costs[i * SIDE + k] = one.positive()[i] ? one.costs()[i] : -one.costs()[i];
        positive += one.positive()[i] ? 1 : 0;
      }
      rarest[k] = Math.max(1, Math.min(positive, rows.length - positive)) / (double) rows.length;
    }
    int size = (x.width() + 1) * SIDE;
    this.w = new double[size];
    for (int k = 0; k < outputs && start != null; k++) {
      for (int c = 0; c <= x.width(); c++) {
        w[c * SIDE + k] = start[k].w()[c];
      }
    }
    this.gradient = new double[size];
    this.scale = new double[size];
    this.step = new double[size];
    this.rest = new double[size];
    this.way = new double[size];
    this.bent = new double[size];
    this.margins = new double[costs.length];
    this.moved = new double[costs.length];
    this.bend = new double[costs.length];
  }

  /**
   * Minimises.
   *
   * @param tolerance of the gradient's norm, as a share of what it is where all weights are 0,
   *     times the share of the rows on the smaller side
   * @return one for each output
   */
  Solution[] minimum(double tolerance, Stop stop) {
    boolean settled = minimise(tolerance, stop);
    Solution[] solutions = new Solution[outputs];
    for (int k = 0; k < outputs; k++) {
      double[] own = new double[x.width() + 1];
      for (int c = 0; c < own.length; c++) {
        own[c] = w[c * SIDE + k];
      }
      solutions[k] = new Solution(own, settled);
    }
    return solutions;
  }

  private boolean minimise(double tolerance, Stop stop) {
    slopes(); // where all margins are 0
    double[] enough = roots(dots(gradient, gradient));
    for (int k = 0; k < SIDE; k++) {
      enough[k] *= tolerance * rarest[k];
    }
    times(w, margins);
    for (int s = 0; s < MOST_STEPS; s++) {
      stop.check(NgramLearner.STOPPED);
      slopes();
      double[] norms = roots(dots(gradient, gradient));
      boolean[] open = new boolean[SIDE];
      for (int k = 0; k < outputs; k++) {
        open[k] = norms[k] > enough[k];
      }
      if (!any(open)) {
        return true;
      }
      direction(norms, open.clone());
      times(step, moved);
      if (!go(open)) {
        return false;
      }
    }
    return false;
  }

  /** Gradient, bends and scale at the margins. */
  private void slopes() {
    System.arraycopy(w, 0, gradient, 0, w.length);
    Arrays.fill(scale, 1);
    double[] slope = new double[SIDE];
    int last = x.width() * SIDE;
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < SIDE; k++) {
        double cost = costs[i * SIDE + k];
        double wrong =
            1 / (1 + Math.exp(cost > 0 ? margins[i * SIDE + k] : -margins[i * SIDE + k]));
        slope[k] = -cost * wrong;
        bend[i * SIDE + k] = Math.abs(cost) * wrong * (1 - wrong);
        gradient[last + k] += slope[k];
        scale[last + k] += bend[i * SIDE + k];
      }
      for (int at = x.start(rows[i]); at < x.start(rows[i] + 1); at++) {
        double v = x.value(at);
        int c = x.column(at) * SIDE;
        for (int k = 0; k < SIDE; k++) {
          gradient[c + k] += v * slope[k];
          scale[c + k] += v * v * bend[i * SIDE + k];
        }
      }
    }
  }

  /** Solves curvature · step = -gradient as far as need be. */
  private void direction(double[] norms, boolean[] open) {
    Arrays.fill(step, 0);
    double[] enough = new double[SIDE];
    double[] product = new double[SIDE];
    for (int k = 0; k < SIDE; k++) {
      enough[k] = LOOSE * norms[k];
    }
    for (int j = 0; j < rest.length; j++) {
      rest[j] = -gradient[j];
      way[j] = rest[j] / scale[j];
      product[j % SIDE] += rest[j] * way[j];
    }
    for (int turn = 0; turn < MOST_TURNS && any(open); turn++) {
      curvature();
      double[] along = dots(way, bent);
      double[] t = new double[SIDE];
      for (int k = 0; k < SIDE; k++) {
        t[k] = open[k] ? product[k] / along[k] : 0;
      }
      double[] squares = new double[SIDE];
      double[] next = new double[SIDE];
      for (int j = 0; j < rest.length; j += SIDE) {
        for (int k = 0; k < SIDE; k++) {
          step[j + k] += t[k] * way[j + k];
          double r = rest[j + k] - t[k] * bent[j + k];
          rest[j + k] = r;
          squares[k] += r * r;
          next[k] += r * r / scale[j + k];
        }
      }
      double[] more = new double[SIDE];
      for (int k = 0; k < SIDE; k++) {
        open[k] &= Math.sqrt(squares[k]) > enough[k];
        more[k] = next[k] / product[k];
        product[k] = next[k];
      }
      for (int j = 0; j < rest.length; j += SIDE) {
        for (int k = 0; k < SIDE; k++) {
          way[j + k] = rest[j + k] / scale[j + k] + more[k] * way[j + k];
        }
      }
    }
  }

  /** What the curvature makes of the way. */
  private void curvature() {
    System.arraycopy(way, 0, bent, 0, way.length);
    int last = x.width() * SIDE;
    for (int i = 0; i < rows.length; i++) {
      double z0 = way[last];
      double z1 = way[last + 1];
      double z2 = way[last + 2];
      double z3 = way[last + 3];
      int from = x.start(rows[i]);
      int to = x.start(rows[i] + 1);
      for (int at = from; at < to; at++) {
        double v = x.value(at);
        int c = x.column(at) * SIDE;
        z0 += v * way[c];
        z1 += v * way[c + 1];
        z2 += v * way[c + 2];
        z3 += v * way[c + 3];
      }
      z0 *= bend[i * SIDE];
      z1 *= bend[i * SIDE + 1];
      z2 *= bend[i * SIDE + 2];
      z3 *= bend[i * SIDE + 3];
      bent[last] += z0;
      bent[last + 1] += z1;
      bent[last + 2] += z2;
      bent[last + 3] += z3;
      for (int at = from; at < to; at++) {
        double v = x.value(at);
        int c = x.column(at) * SIDE;
        bent[c] += v * z0;
        bent[c + 1] += v * z1;
        bent[c + 2] += v * z2;
        bent[c + 3] += v * z3;
      }
    }
  }

  /** The rows' margins of weights. */
  private void times(double[] weights, double[] out) {
    int last = x.width() * SIDE;
    for (int i = 0; i < rows.length; i++) {
      double z0 = weights[last];
      double z1 = weights[last + 1];
      double z2 = weights[last + 2];
      double z3 = weights[last + 3];
      for (int at = x.start(rows[i]); at < x.start(rows[i] + 1); at++) {
        double v = x.value(at);
        int c = x.column(at) * SIDE;
        z0 += v * weights[c];
        z1 += v * weights[c + 1];
        z2 += v * weights[c + 2];
        z3 += v * weights[c + 3];
      }
      out[i * SIDE] = z0;
      out[i * SIDE + 1] = z1;
      out[i * SIDE + 2] = z2;
      out[i * SIDE + 3] = z3;
    }
  }

  /** Takes the step, or as much of it as makes the loss sink enough; false: none does. */
  private boolean go(boolean[] open) {
    double[] slope = dots(gradient, step);
    double[] along = dots(w, step);
    double[] square = dots(step, step);
    double[] now = losses(new double[SIDE]);
    double[] share = new double[SIDE];
    boolean moves = false;
    for (double t = 1; t >= SHORTEST && any(open); t /= 2) {
      double[] there = new double[SIDE];
      Arrays.fill(there, t);
      double[] reached = losses(there);
      for (int k = 0; k < SIDE; k++) {
        double change = reached[k] - now[k] + t * along[k] + t * t * square[k] / 2;
        // near the minimum the sums' last bits are noise, and the whole step is right
        if (open[k] && change <= ENOUGH * t * slope[k] + NOISE * now[k]) {
          share[k] = t;
          open[k] = false;
          moves = true;
        }
      }
    }
    add(w, share, step);
    add(margins, share, moved);
    return moves;
  }

  /** Costs of the rows where each output has gone a share of its step. */
  private double[] losses(double[] share) {
    double[] sums = new double[SIDE];
    for (int j = 0; j < costs.length; j += SIDE) {
      for (int k = 0; k < SIDE; k++) {
        double z = margins[j + k] + share[k] * moved[j + k];
        double cost = costs[j + k];
        sums[k] += Math.abs(cost) * PlattScaling.softplus(cost > 0 ? -z : z);
      }
    }
    return sums;
  }

  private static void add(double[] to, double[] share, double[] what) {
    for (int j = 0; j < to.length; j++) {
      to[j] += share[j % SIDE] * what[j];
    }
  }

  private static double[] dots(double[] a, double[] b) {
    double[] sums = new double[SIDE];
    for (int j = 0; j < a.length; j += SIDE) {
      for (int k = 0; k < SIDE; k++) {
        sums[k] += a[j + k] * b[j + k];
      }
    }
    return sums;
  }

  private static double[] roots(double[] squares) {
    return Arrays.stream(squares).map(Math::sqrt).toArray();
  }

  private static boolean any(boolean[] flags) {
    for (boolean flag : flags) {
      if (flag) {
        return true;
      }
    }
    return false;
  }
}
