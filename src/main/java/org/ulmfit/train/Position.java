package org.ulmfit.train;

/**
 * Where a run stands: the next step to take. With the seed it decides every random draw.
 *
 * @param stage index of the stage
 * @param epoch of the stage
 * @param epochStep batches of the epoch already taken
 * @param stageStep steps of the stage already taken
 * @param globalStep steps of the run already taken
 * @param smoothed running average of the training loss
 */
public record Position(
    int stage, int epoch, int epochStep, int stageStep, long globalStep, SmoothedLoss smoothed) {

  static final Position START = new Position(0, 0, 0, 0, 0, SmoothedLoss.NONE);

  static Position atStage(int stage, long globalStep) {
    return new Position(stage, 0, 0, 0, globalStep, SmoothedLoss.NONE);
  }

  Position next(long global, SmoothedLoss loss) {
    return new Position(stage, epoch, epochStep + 1, stageStep + 1, global, loss);
  }

  Position nextEpoch() {
    return new Position(stage, epoch + 1, 0, stageStep, globalStep, smoothed);
  }
}
