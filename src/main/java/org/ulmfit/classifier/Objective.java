package org.ulmfit.classifier;

import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import org.ulmfit.Labelling;
import org.ulmfit.config.Recipe;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Kernels;

/** What a classifier is trained for: the loss of a batch, and what logits mean. */
public interface Objective {

  /** What a recipe trains a classifier for. */
  static Objective of(Recipe.Classifier settings) {
    return new SingleLabel(settings.alpha(), settings.beta());
  }

  /** What a saved classifier was trained for. */
  static Objective of(ModelConfig config) {
    return SingleLabel.TRAINED; // every classifier so far has one label a document
  }

  /**
   * Runs the backward pass of a batch; leaves the gradients in the parameters.
   *
   * @param labels indices of each row's labels
   * @return mean loss over the rows, nats, without regularisers
   */
  double backward(
      NDManager step,
      GradientCollector collector,
      Kernels kernels,
      TextModel.Forward forward,
      int[][] labels);

  /**
   * Probabilities of the classes.
   *
   * @param logits of one document (classes)
   */
  float[] probabilities(float[] logits);

  /** How many labels a document has. */
  Labelling labelling();

  /**
   * The answer that probabilities come to.
   *
   * @param probabilities of one document (classes)
   * @return indices of its labels, the most probable first
   */
  int[] decide(float[] probabilities);

  /**
   * Loss of one document, nats.
   *
   * @param logits (classes)
   * @param labels indices of its labels
   */
  double loss(float[] logits, int[] labels);
}
