package org.ulmfit.train;

import java.util.List;
import org.ulmfit.config.Recipe;

/**
 * Where a run stands: the next step to take. With the seed it decides every random draw.
 *
 * @param stage index of the stage
 * @param epoch of the stage
 * @param epochStep batches of the epoch already taken
 * @param stageStep steps of the stage already taken
 * @param globalStep steps of the run already taken
 * @param smoothed running average of the training loss
 * @param epochTokens tokens of the epoch's batches so far
 * @param epochSeconds training time of the epoch so far, whatever runs it was spread over
 */
public record Position(
    int stage,
    int epoch,
    int epochStep,
    int stageStep,
    long globalStep,
    SmoothedLoss smoothed,
    long epochTokens,
    double epochSeconds) {

  static final Position START = atStage(0, 0);

  static Position atStage(int stage, long globalStep) {
    return new Position(stage, 0, 0, 0, globalStep, SmoothedLoss.NONE, 0, 0);
  }

  /** Whether a run of these stages can stand here: after a step, for what was read from a file. */
  boolean isIn(List<Recipe.Stage> stages, int stepsPerEpoch) {
    if (stage < 0 || stage >= stages.size()) {
      return false;
    }
    Recipe.Stage here = stages.get(stage);
    return epoch >= 0
        && epoch < Math.max(1, Math.ceil(here.epochs()))
        && epochStep >= 1
        && stageStep >= epochStep
        && stageStep <= Trainer.steps(here, stepsPerEpoch)
        && globalStep >= stageStep
        && smoothed != null
        && smoothed.batches() >= 0
        && epochTokens >= 0
        && epochSeconds >= 0;
  }

  Position next(long global, SmoothedLoss loss, long tokens, double seconds) {
    return new Position(
        stage, epoch, epochStep + 1, stageStep + 1, global, loss, epochTokens + tokens, seconds);
  }

  Position nextEpoch() {
    return new Position(stage, epoch + 1, 0, stageStep, globalStep, smoothed, 0, 0);
  }
}
