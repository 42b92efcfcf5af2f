package org.ulmfit.train;

import java.util.List;
import org.ulmfit.config.Recipe;

/**
 * Where a run stands: the next step to take. With the seed it decides every random draw.
 *
 * @param phase index of the phase
 * @param epoch of the phase
 * @param epochStep batches of the epoch already taken
 * @param phaseStep steps of the phase already taken
 * @param globalStep steps of the run already taken
 * @param smoothed running average of the training loss
 * @param epochTokens tokens of the epoch's batches so far
 * @param lack of the phase's best epoch so far, see {@link EarlyStopping#lack}
 * @param epochsSinceBest epochs of the phase that have ended since its best one
 * @param epochSeconds training time of the epoch so far, whatever runs it was spread over
 */
public record Position(
    int phase,
    int epoch,
    int epochStep,
    int phaseStep,
    long globalStep,
    SmoothedLoss smoothed,
    double lack,
    int epochsSinceBest,
    long epochTokens,
    double epochSeconds) {

  static final Position START = atPhase(0, 0);

  static Position atPhase(int phase, long globalStep) {
    return new Position(phase, 0, 0, 0, globalStep, SmoothedLoss.NONE, Double.MAX_VALUE, 0, 0, 0);
  }

  /** Whether a run of these phases can stand here: after a step, for what was read from a file. */
  boolean isIn(List<Recipe.Phase> phases, Task task) {
    if (phase < 0 || phase >= phases.size()) {
      return false;
    }
    Recipe.Phase here = phases.get(phase);
    return epoch >= 0
        && epoch < Math.max(1, Math.ceil(here.epochs()))
        && epochStep >= 1
        && phaseStep >= epochStep
        && phaseStep <= task.steps(phase, here.epochs())
        && globalStep >= phaseStep
        && smoothed != null
        && smoothed.batches() >= 0
        && !Double.isNaN(lack)
        && epochsSinceBest >= 0
        && epochsSinceBest <= epoch
        && epochTokens >= 0
        && epochSeconds >= 0;
  }

  Position next(long global, SmoothedLoss loss, long tokens, double seconds) {
    return new Position(
        phase,
        epoch,
        epochStep + 1,
        phaseStep + 1,
        global,
        loss,
        lack,
        epochsSinceBest,
        epochTokens + tokens,
        seconds);
  }

  /** After an epoch that lacked so much. */
  Position nextEpoch(double lacked) {
    boolean better = lacked < lack;
    return new Position(
        phase,
        epoch + 1,
        0,
        phaseStep,
        globalStep,
        smoothed,
        better ? lacked : lack,
        better ? 0 : epochsSinceBest + 1,
        0,
        0);
  }
}
