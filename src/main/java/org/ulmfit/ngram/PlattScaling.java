package org.ulmfit.ngram;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes probabilities of margins: the logistic function of slope · margin + offset, learned on rows
 * that the margins' model was not learned on. Platt 1999; solved as in Lin, Lin and Weng 2007, A
 * Note on Platt's Probabilistic Outputs for Support Vector Machines (their A is minus the slope,
 * their B minus the offset).
 */
public record PlattScaling(double slope, double offset) {
  private static final int MOST_STEPS = 100;
  private static final double TOLERANCE = 1e-9; // of the gradient, a row
  private static final double RIDGE = 1e-12; // so that the curvature can be inverted
  private static final double SHORTEST = 1e-10;
  private static final double ENOUGH = 1e-4;

  /**
   * Learns slope and offset, each side's rows aimed at slightly less than certainty, as a prior of
   * one row more on either side has it.
   *
   * @param margins (rows) of rows that were held out
   * @param positive (rows) whether the margin should be positive
   */
  public static PlattScaling learn(double[] margins, boolean[] positive) {
    long ahead = IntStream.range(0, positive.length).filter(i -> positive[i]).count();
    double yes = (ahead + 1.0) / (ahead + 2.0);
    double no = 1 / (positive.length - ahead + 2.0);
    double[] targets =
        IntStream.range(0, positive.length).mapToDouble(i -> positive[i] ? yes : no).toArray();
    PlattScaling now =
        new PlattScaling(0, Math.log((ahead + 1.0) / (positive.length - ahead + 1.0)));
    for (int step = 0; step < MOST_STEPS; step++) {
      PlattScaling next = now.improved(margins, targets);
      if (next == null) {
        break;
      }
      now = next;
    }
    return now;
  }

  /** For each output of a model a scaling of its own, from {@link Strength}'s margins. */
  public static PlattScaling[] learn(double[][] margins, Truth truth) {
    PlattScaling[] scalings = new PlattScaling[truth.outputs()];
    for (int output = 0; output < scalings.length; output++) {
      double[] own = new double[margins.length];
      boolean[] positive = new boolean[margins.length];
      for (int row = 0; row < own.length; row++) {
        own[row] = margins[row][output];
        positive[row] = truth.positive(row, output);
      }
      scalings[output] = learn(own, positive);
    }
    return scalings;
  }

  /** The probability's logit. */
  public double logit(double margin) {
    return slope * margin + offset;
  }

  /** One step of Newton's method, halved until it helps; null: there is no better one. */
  private @Nullable PlattScaling improved(double[] margins, double[] targets) {
    double g0 = 0;
    double g1 = 0;
    double h00 = RIDGE;
    double h01 = 0;
    double h11 = RIDGE;
    for (int i = 0; i < margins.length; i++) {
      double p = 1 / (1 + Math.exp(-logit(margins[i])));
      double error = p - targets[i];
      double bend = p * (1 - p);
      g0 += error * margins[i];
      g1 += error;
      h00 += bend * margins[i] * margins[i];
      h01 += bend * margins[i];
      h11 += bend;
    }
    if (Math.max(Math.abs(g0), Math.abs(g1)) <= TOLERANCE * margins.length) {
      return null;
    }
    double determinant = h00 * h11 - h01 * h01;
    double bySlope = -(h11 * g0 - h01 * g1) / determinant;
    double byOffset = -(h00 * g1 - h01 * g0) / determinant;
    double loss = loss(margins, targets);
    double descent = g0 * bySlope + g1 * byOffset;
    for (double t = 1; t >= SHORTEST; t /= 2) {
      PlattScaling next = new PlattScaling(slope + t * bySlope, offset + t * byOffset);
      if (next.loss(margins, targets) < loss + ENOUGH * t * descent) {
        return next;
      }
    }
    return null;
  }

  private double loss(double[] margins, double[] targets) {
    double sum = 0;
    for (int i = 0; i < margins.length; i++) {
      double z = logit(margins[i]);
      sum += softplus(z) - targets[i] * z;
    }
    return sum;
  }

  /** ln(1 + exp(z)). */
  static double softplus(double z) {
    return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  }
}
