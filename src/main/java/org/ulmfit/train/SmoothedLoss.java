package org.ulmfit.train;

/**
 * The training loss as fastai prints it: an exponential average of the losses of the batches
 * (0.98), divided by {@code 1 - 0.98^k}. A value: a checkpoint saves both fields and the average
 * goes on from there. Source: fastai 0.7 {@code avg_mom}, fastai 1 SmoothenValue.
 *
 * @param average exponential average, not yet debiased
 * @param batches number of losses it holds
 */
public record SmoothedLoss(double average, long batches) {

  private static final double MOMENTUM = 0.98;

  /** No losses yet. */
  public static final SmoothedLoss NONE = new SmoothedLoss(0, 0);

  /** This average with one more loss. */
  public SmoothedLoss with(double loss) {
    return new SmoothedLoss(average * MOMENTUM + loss * (1 - MOMENTUM), batches + 1);
  }

  /** The debiased average; NaN before the first loss. */
  public double value() {
    return batches == 0 ? Double.NaN : average / (1 - Math.pow(MOMENTUM, (double) batches));
  }
}
