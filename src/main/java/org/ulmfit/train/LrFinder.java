package org.ulmfit.train;

import java.util.ArrayList;
import java.util.List;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.random.Seeds;

/**
 * Trains a few steps with a rate that rises until the loss blows up. The model is used up by it:
 * who goes on begins with another.
 */
public final class LrFinder {
  private static final double BLOWN_UP = 4; // times the lowest loss: fastai, all versions

  private LrFinder() {}

  /**
   * Sweeps the rate of the last layer group; the others keep their distance to it.
   *
   * @param index of the phase, from 0
   * @param listener told of each step
   * @throws UlmfitException (usage) if the phase does not fit the model; (interrupted) after a stop
   *     request
   */
  public static LrCurve sweep(
      Task task,
      Recipe.Phase phase,
      int index,
      Recipe.Optimizer form,
      long seed,
      RateSweep sweep,
      TrainingListener listener,
      Stop stop) {
    double[] shares = LayerRates.shares(phase.rates(), task.groups().size());
    LayerRates.freeze(phase.freezeTo(), task.groups());
    List<LrCurve.Point> points = new ArrayList<>();
    SmoothedLoss smoothed = SmoothedLoss.NONE;
    double lowest = Double.POSITIVE_INFINITY;
    boolean blewUp = false;
    int epoch = 0;
    task.startEpoch(seed, index, epoch, 0);
    try (Adam adam = new Adam(task.manager(), task.kernels(), task.groups(), form)) {
      Stepper stepper = new Stepper(task, adam);
      for (int step = 0; step < sweep.steps() && !blewUp; step++) {
        stop.check("while learning rates were tried; nothing was changed");
        if (!task.hasNext()) {
          task.startEpoch(seed, index, ++epoch, 0);
        }
        long started = System.nanoTime();
        double rate = sweep.rate(step);
        double[] rates = shares.clone();
        for (int g = 0; g < rates.length; g++) {
          rates[g] *= rate;
        }
        Stepper.Taken taken = stepper.take(Seeds.of(seed, index, epoch, step), rates, form.beta1());
        smoothed = smoothed.with(taken.loss());
        blewUp = !taken.isFinite() || smoothed.value() > BLOWN_UP * lowest;
        if (!blewUp) {
          lowest = Math.min(lowest, smoothed.value());
          points.add(new LrCurve.Point(rate, smoothed.value()));
        }
        listener.step(
            new TrainingListener.Step(
                index,
                epoch,
                step,
                sweep.steps(),
                step + 1,
                taken.loss(),
                smoothed.value(),
                rate,
                form.beta1(),
                taken.norm(),
                taken.tokens(),
                (System.nanoTime() - started) / 1e9));
      }
    }
    return new LrCurve(sweep, points, blewUp);
  }
}
