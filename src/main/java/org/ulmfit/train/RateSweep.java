package org.ulmfit.train;

import org.ulmfit.UlmfitException;

/**
 * The learning rates that a finder tries, one a step. Source: fastai 0.7 {@code lr_find} and {@code
 * lr_find2}, fastai 2 {@code lr_find} (Smith 2017).
 *
 * @param start rate of the last layer group at the first step; without effect where linear
 * @param end rate that the step after the last would have
 * @param steps batches
 */
public record RateSweep(Shape shape, double start, double end, int steps) {
  /** From 1e-7 to 10 in 100 steps, as fastai 1 and 2 do. */
  public static final RateSweep USUAL = new RateSweep(Shape.EXPONENTIAL, 1e-7, 10, 100);

  /** How the rates rise. */
  public enum Shape {
    /** By the same factor at each step. */
    EXPONENTIAL,
    /** By the same amount, from 0. */
    LINEAR
  }

  /**
   * @throws UlmfitException (usage) if the rates do not rise, or the steps are too few to tell
   */
  public RateSweep {
    if (!(start > 0 && end > start && end < Double.POSITIVE_INFINITY)) {
      throw UlmfitException.usage(
          "a sweep from rate " + start + " to " + end + " does not rise; give 0 < start < end");
    }
    if (steps < LrCurve.FEWEST) {
      throw UlmfitException.usage(
          "a sweep of " + steps + " steps shows no curve; give at least " + LrCurve.FEWEST);
    }
  }

  /** Rate of the last layer group at a step, from 0. */
  public double rate(int step) {
    double position = (double) step / steps;
    return shape == Shape.LINEAR ? end * position : start * Math.pow(end / start, position);
  }
}
