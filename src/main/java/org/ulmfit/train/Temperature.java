package org.ulmfit.train;

import java.util.OptionalDouble;
import org.ulmfit.Labelling;

/**
 * One number T that a model's logits are divided by, so that its probabilities are what they say.
 * The order of the labels stays. Source: Guo et al. 2017, On Calibration of Modern Neural Networks,
 * §4.2; with several labels a row the sigmoids take the softmax's place.
 */
public final class Temperature {

  /** Fewer rows than this say too little of probabilities. */
  public static final int FEWEST_ROWS = 200;

  private static final int MOST_STEPS = 200;
  private static final double TOLERANCE = 1e-12; // of 1 / T

  private final Labelling labelling;
  private final float[][] logits;
  private final int[][] truth;
  private double slope; // of the rows' losses by 1 / T, where it was last looked at
  private double curvature;

  private Temperature(Labelling labelling, float[][] logits, int[][] truth) {
    this.labelling = labelling;
    this.logits = logits;
    this.truth = truth;
  }

  /**
   * The temperature with the least log loss, which is a convex function of 1 / T: Newton's steps,
   * halving where one would leave the bounds known so far.
   *
   * @param logits (rows, classes), finite, of rows that were not trained on
   * @param truth indices of each row's labels
   * @param least the sharpest that is looked for
   * @param most the softest
   * @return empty if it is not between them: where each row is answered rightly the loss falls for
   *     ever as T falls, and where answers are no better than chance it falls as T grows
   */
  public static OptionalDouble fit(
      Labelling labelling, float[][] logits, int[][] truth, double least, double most) {
    return new Temperature(labelling, logits, truth).minimum(1 / most, 1 / least);
  }

  private OptionalDouble minimum(double dullest, double sharpest) {
    double low = dullest; // 1 / T
    double high = sharpest;
    look(low);
    boolean rises = slope >= 0;
    look(high);
    if (rises || slope <= 0) {
      return OptionalDouble.empty();
    }
    double sharpness = 1; // 1 / T
    for (int step = 0; step < MOST_STEPS; step++) {
      look(sharpness);
      if (slope < 0) {
        low = sharpness;
      } else {
        high = sharpness;
      }
      double next = sharpness - slope / curvature;
      if (!(next > low && next < high)) {
        next = slope == 0 ? sharpness : (low + high) / 2;
      }
      double moved = Math.abs(next - sharpness);
      sharpness = next;
      if (moved <= TOLERANCE * sharpness) {
        break;
      }
    }
    return OptionalDouble.of(1 / sharpness);
  }

  private void look(double sharpness) {
    slope = 0;
    curvature = 0;
    for (int row = 0; row < logits.length; row++) {
      if (labelling == Labelling.SINGLE) {
        softmax(logits[row], sharpness);
      } else {
        sigmoids(logits[row], sharpness);
      }
      for (int label : truth[row]) {
        slope -= logits[row][label];
      }
    }
  }

  /** Adds the mean and the variance of the logits by their probabilities. */
  private void softmax(float[] z, double sharpness) {
    double max = Double.NEGATIVE_INFINITY;
    for (float own : z) {
      max = Math.max(max, own);
    }
    double sum = 0;
    double first = 0;
    double second = 0;
    for (float own : z) {
      double below = own - max;
      double e = Math.exp(sharpness * below);
      sum += e;
      first += e * below;
      second += e * below * below;
    }
    double mean = first / sum;
    slope += max + mean;
    curvature += second / sum - mean * mean;
  }

  private void sigmoids(float[] z, double sharpness) {
    for (float own : z) {
      double p = 1 / (1 + Math.exp(-sharpness * own));
      slope += p * own;
      curvature += p * (1 - p) * own * own;
    }
  }
}
