package org.ulmfit.train;

import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import org.ulmfit.nn.Torch;

/** One optimiser step on a task's next batch: forward, backward, norm, update. */
record Stepper(Task task, Adam adam) {

  /**
   * What a step came to.
   *
   * @param norm global gradient norm before clipping
   * @param tokens in the batch
   */
  record Taken(double loss, double norm, long tokens) {

    /** Whether the weights were updated: they are left alone where a number is not finite. */
    boolean isFinite() {
      return Double.isFinite(loss) && Double.isFinite(norm);
    }
  }

  /**
   * Takes a step.
   *
   * @param seed of the engine, for what is random in the step
   * @param rates of the layer groups, first to last
   */
  Taken take(long seed, double[] rates, double beta1) {
    Torch.seed(seed);
    try (NDManager step = task.manager().newSubManager()) {
      Task.StepLoss loss;
      try (GradientCollector collector = Torch.engine().newGradientCollector()) {
        loss = task.step(step, collector);
      }
      Taken taken = new Taken(loss.loss(), adam.norm(step), loss.tokens());
      if (taken.isFinite()) {
        adam.step(step, rates, beta1, taken.norm);
      }
      return taken;
    }
  }
}
