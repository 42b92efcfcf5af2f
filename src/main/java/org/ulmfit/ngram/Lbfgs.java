package org.ulmfit.ngram;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.ulmfit.Stop;

/**
 * Limited-memory BFGS from 0 on, for a strictly convex function of several vectors. A step is
 * halved until the value sinks enough (Armijo). Nocedal and Wright, Numerical Optimization, 2nd
 * ed., algorithms 7.4, 7.5 and 3.1.
 */
final class Lbfgs {

  /** What to minimise. */
  interface Function {
    /**
     * The value at x (vectors, dimension).
     *
     * @param gradient (vectors, dimension) is overwritten with the gradient there
     */
    double at(double[][] x, double[][] gradient);
  }

  /**
   * Where it ended.
   *
   * @param x (vectors, dimension)
   * @param settled whether the gradient came within the tolerance
   */
  record Minimum(double[][] x, boolean settled) {}

  private static final int MOST_PAIRS = 10;
  private static final int FEWEST_PAIRS = 3;
  private static final long PAIRED = 50_000_000; // numbers kept of the steps before, if fewer do
  private static final double ENOUGH = 1e-4;
  private static final int MOST_HALVINGS = 40;

  private record Pair(double[][] step, double[][] change, double product) {}

  private final Function function;
  private final Deque<Pair> pairs = new ArrayDeque<>();
  private final int mostPairs;
  private double[][] x;
  private double[][] gradient;
  private double value;

  private Lbfgs(Function function, int vectors, int dimension) {
    this.function = function;
    long numbers = 2L * vectors * dimension;
    this.mostPairs = (int) Math.max(FEWEST_PAIRS, Math.min(MOST_PAIRS, PAIRED / numbers));
    this.x = new double[vectors][dimension];
    this.gradient = new double[vectors][dimension];
    this.value = function.at(x, gradient);
  }

  static Minimum minimum(
      Function function, int vectors, int dimension, SolverSettings settings, Stop stop) {
    return new Lbfgs(function, vectors, dimension).run(settings, stop);
  }

  private Minimum run(SolverSettings settings, Stop stop) {
    double enough = settings.tolerance() * greatest(gradient);
    for (int step = 0; step < settings.passes(); step++) {
      stop.check(Learner.STOPPED);
      if (greatest(gradient) <= enough) {
        return new Minimum(x, true);
      }
      if (!step(direction())) {
        return new Minimum(x, false);
      }
    }
    return new Minimum(x, greatest(gradient) <= enough);
  }

  /** Minus the gradient, bent by the curvature that the steps before have met. */
  private double[][] direction() {
    double[][] d = sum(gradient, -1, gradient, 0);
    List<Pair> newest = new ArrayList<>(pairs);
    double[] shares = new double[newest.size()];
    for (int i = 0; i < shares.length; i++) {
      Pair pair = newest.get(i);
      shares[i] = dot(pair.step, d) / pair.product;
      add(d, -shares[i], pair.change);
    }
    if (!newest.isEmpty()) {
      Pair last = newest.get(0);
      scale(d, last.product / dot(last.change, last.change));
    } else {
      scale(d, 1 / Math.sqrt(dot(gradient, gradient)));
    }
    for (int i = shares.length - 1; i >= 0; i--) {
      Pair pair = newest.get(i);
      add(d, shares[i] - dot(pair.change, d) / pair.product, pair.step);
    }
    return d;
  }

  /** Goes as far as the value sinks enough; false: it does not sink any more. */
  private boolean step(double[][] direction) {
    double slope = dot(gradient, direction);
    double[][] nextGradient = new double[x.length][x[0].length];
    double t = 1;
    for (int halving = 0; halving < MOST_HALVINGS; halving++, t /= 2) {
      double[][] next = sum(x, 1, direction, t);
      double reached = function.at(next, nextGradient);
      // near the minimum the value's last bits are noise, and the whole step is right
      double noise = 1e-14 * Math.abs(value);
      if (reached <= value + ENOUGH * t * slope + noise) {
        scale(direction, t);
        keep(direction, sum(nextGradient, 1, gradient, -1));
        x = next;
        gradient = nextGradient;
        value = reached;
        return true;
      }
    }
    return false;
  }

  private void keep(double[][] step, double[][] change) {
    double product = dot(step, change);
    if (product > 0) { // always, but for rounding: the function is strictly convex
      if (pairs.size() == mostPairs) {
        pairs.removeLast();
      }
      pairs.addFirst(new Pair(step, change, product));
    }
  }

  // Vectors side by side on all processors; sums in the same order whatever their number.

  private static IntStream vectors(double[][] x) {
    return IntStream.range(0, x.length).parallel();
  }

  private static double dot(double[][] a, double[][] b) {
    double[] sums = new double[a.length];
    vectors(a)
        .forEach(
            k -> {
              double sum = 0;
              for (int i = 0; i < a[k].length; i++) {
                sum += a[k][i] * b[k][i];
              }
              sums[k] = sum;
            });
    double sum = 0;
    for (double own : sums) {
      sum += own;
    }
    return sum;
  }

  private static double greatest(double[][] a) {
    double greatest = 0;
    for (double[] own : a) {
      for (double element : own) {
        greatest = Math.max(greatest, Math.abs(element));
      }
    }
    return greatest;
  }

  private static void add(double[][] to, double t, double[][] what) {
    vectors(to)
        .forEach(
            k -> {
              for (int i = 0; i < to[k].length; i++) {
                to[k][i] += t * what[k][i];
              }
            });
  }

  private static void scale(double[][] a, double t) {
    vectors(a)
        .forEach(
            k -> {
              for (int i = 0; i < a[k].length; i++) {
                a[k][i] *= t;
              }
            });
  }

  private static double[][] sum(double[][] a, double s, double[][] b, double t) {
    double[][] sum = new double[a.length][a[0].length];
    add(sum, s, a);
    add(sum, t, b);
    return sum;
  }
}
