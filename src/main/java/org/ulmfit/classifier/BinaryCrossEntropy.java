package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.ulmfit.nn.Kernels;

/**
 * Any number of labels a document: binary cross-entropy of each class, the mean over rows and
 * classes, as fastai's {@code BCEWithLogitsLossFlat}; AR and TAR as in {@link CrossEntropy}.
 *
 * @param weights of the rows that have a class, by class (classes); those that do not have it count
 *     as 1
 * @param smoothing share of the targets that goes to both answers alike: 1 becomes 1 - smoothing/2
 */
record BinaryCrossEntropy(double alpha, double beta, float[] weights, double smoothing)
    implements Objective {

  @Override
  public NDList losses(NDManager step, Kernels kernels, TextModel.Forward forward, int[][] labels) {
    return losses(step, kernels, forward, had(labels));
  }

  @Override
  public NDList losses(
      NDManager step, Kernels kernels, TextModel.Forward forward, float[] targets) {
    NDArray settings = step.create(new float[] {(float) alpha, (float) beta});
    return kernels.call(
        step,
        "multilabel_loss",
        forward.logits(),
        step.create(smoothed(targets), forward.logits().getShape()),
        step.create(weights(targets), forward.logits().getShape()),
        forward.kept(),
        forward.mask(),
        settings);
  }

  /** (rows, classes), row after row: 1 of the labels that a row has. */
  private float[] had(int[][] labels) {
    float[] had = new float[labels.length * weights.length];
    for (int row = 0; row < labels.length; row++) {
      for (int label : labels[row]) {
        had[row * weights.length + label] = 1;
      }
    }
    return had;
  }

  /** Smoothed, (rows, classes), row after row. */
  float[] targets(int[][] labels) {
    return smoothed(had(labels));
  }

  private float[] smoothed(float[] had) {
    float[] targets = new float[had.length];
    for (int i = 0; i < had.length; i++) {
      targets[i] = (float) (had[i] * (1 - smoothing) + smoothing / 2);
    }
    return targets;
  }

  /** By what a row has, not by what smoothing makes of it. */
  private float[] weights(float[] had) {
    float[] all = new float[had.length];
    for (int i = 0; i < had.length; i++) {
      all[i] = 1 + (weights[i % weights.length] - 1) * had[i];
    }
    return all;
  }
}
