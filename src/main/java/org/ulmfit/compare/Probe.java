package org.ulmfit.compare;

import java.util.ArrayList;
import java.util.List;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.train.TrainingListener;

/** Hears the first steps of a training, and stops it when they tell how long it will take. */
final class Probe implements TrainingListener {
  private static final int STEPS = 12; // at least, if they are not slow
  private static final int FEWEST = 4;
  private static final double PART = .05; // of the time allowed, which a look may take
  private static final double FROZEN = .4; // of a step that trains all layers, one that does not
  private static final double FORWARD = .5; // of a step, the forward half

  private final List<Recipe.Phase> phases;
  private final TrainingListener heard;
  private final Stop stop;
  private final double allowed;
  private final long started = System.nanoTime();
  private double prepared = -1; // seconds to the first step
  private final List<Double> ends = new ArrayList<>(); // seconds to the end of each step
  private int epochs; // that have ended
  private double stepsPerEpoch;
  private double least; // epochs that few rows make of less (classifier.minSteps)
  private boolean stopped;
  private int freezeTo;

  /**
   * @param heard of all of it, too
   * @param within which it has to end anyway
   * @param allowed seconds for the whole training
   */
  Probe(List<Recipe.Phase> phases, TrainingListener heard, Stop within, double allowed) {
    this.phases = phases;
    this.heard = heard;
    this.stop = within.within(Double.MAX_VALUE);
    this.allowed = allowed;
  }

  /** What the training is to look at. */
  Stop stop() {
    return stop;
  }

  @Override
  public void note(String line) {
    heard.note(line);
  }

  @Override
  public void phase(PhaseStart start) {
    if (prepared < 0) {
      prepared = spent();
      stepsPerEpoch = start.steps() / start.epochs();
      boolean longer = start.epochs() > phases.get(start.phase()).epochs();
      least = longer ? start.epochs() : 0;
      freezeTo = start.freezeTo();
    }
    heard.phase(start);
  }

  @Override
  public void step(Step step) {
    heard.step(step);
    ends.add(spent());
    boolean enough =
        step.phase() > 0 // a short phase comes first: one look at the others will do
            || trained() >= PART * allowed
            || ends.size() >= STEPS && trained() >= PART * allowed / 2;
    if (!stopped && knows() && enough && seconds(0) - trained() > PART * allowed) {
      stopped = true;
      stop.request();
    }
  }

  @Override
  public void epoch(Epoch epoch) {
    epochs++;
    heard.epoch(epoch);
  }

  @Override
  public void saving() {
    heard.saving();
  }

  /** Whether it has seen enough. */
  boolean hasStopped() {
    return stopped;
  }

  /** Whether there were steps enough. */
  boolean knows() {
    return ends.size() >= FEWEST;
  }

  /** Seconds of a step and of what is done between steps, by the later half: the first are slow. */
  private double step() {
    int half = ends.size() / 2;
    return (last() - ends.get(half)) / (ends.size() - 1 - half);
  }

  private double last() {
    return ends.get(ends.size() - 1);
  }

  double spent() {
    return (System.nanoTime() - started) / 1e9;
  }

  /** Seconds before its first step. */
  double prepared() {
    return prepared;
  }

  /** Seconds that its steps took. */
  double trained() {
    return ends.isEmpty() ? 0 : last() - prepared;
  }

  /**
   * What all steps and validations take.
   *
   * @param validated rows validated after an epoch, as a share of those learned of
   */
  double seconds(double validated) {
    double step = step();
    double all = 0;
    for (Recipe.Phase phase : phases) {
      double own = phase.freezeTo() == freezeTo ? step : freezeTo == 0 ? step : step / FROZEN;
      double length = Math.max(least, phase.epochs());
      all += length * stepsPerEpoch * own;
      // epochs that have ended have shown what a validation takes
      all += epochs > 0 ? 0 : Math.ceil(length) * validated * stepsPerEpoch * step * FORWARD;
    }
    return all;
  }

  /**
   * What answering takes in the end.
   *
   * @param answered rows, as a share of those learned of
   */
  double answering(double answered) {
    return answered * stepsPerEpoch * step() * FORWARD;
  }
}
