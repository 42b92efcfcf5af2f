package org.ulmfit.classifier;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import org.ulmfit.Labelling;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.Kernels;

/** What a classifier is trained for: the loss of a batch. */
public interface Objective {

  /**
   * What a recipe trains a classifier for.
   *
   * @param counts training rows of each class
   * @param rows training rows
   */
  static Objective of(Recipe.Classifier c, Labelling labelling, long[] counts, long rows) {
    Recipe.ClassWeights kind = c.classWeights();
    if (labelling == Labelling.MULTI) {
      float[] weights = ClassWeights.positive(kind, counts, rows);
      return new BinaryCrossEntropy(c.alpha(), c.beta(), weights, c.labelSmoothing());
    }
    float[] weights =
        kind == Recipe.ClassWeights.NONE ? null : ClassWeights.single(kind, counts, rows);
    return new CrossEntropy(c.alpha(), c.beta(), weights, c.labelSmoothing());
  }

  /**
   * Runs the backward pass of a batch; leaves the gradients in the parameters.
   *
   * @param labels indices of each row's labels
   * @return mean loss over the rows, nats, without regularisers
   */
  default double backward(
      NDManager step,
      GradientCollector collector,
      Kernels kernels,
      TextModel.Forward forward,
      int[][] labels) {
    return backward(collector, forward, losses(step, kernels, forward, labels));
  }

  /** The same of losses, as {@link #losses} gives them. */
  static double backward(GradientCollector collector, TextModel.Forward forward, NDList losses) {
    collector.backward(losses.get(0));
    forward.rest().run();
    return losses.get(1).getFloat();
  }

  /**
   * The loss of a batch with its regularisers, and without.
   *
   * @param labels indices of each row's labels
   */
  NDList losses(NDManager step, Kernels kernels, TextModel.Forward forward, int[][] labels);

  /**
   * The same of distributions.
   *
   * @param targets (rows, classes), row after row
   */
  NDList losses(NDManager step, Kernels kernels, TextModel.Forward forward, float[] targets);
}
