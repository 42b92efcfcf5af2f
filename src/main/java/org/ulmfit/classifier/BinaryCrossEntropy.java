package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
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
    return losses(step, kernels, forward, targets(labels));
  }

  /** Of targets that are smoothed already, if they are to be. */
  @Override
  public NDList losses(
      NDManager step, Kernels kernels, TextModel.Forward forward, float[] targets) {
    NDArray settings = step.create(new float[] {(float) alpha, (float) beta});
    return kernels.call(
        step,
        "multilabel_loss",
        forward.logits(),
        step.create(targets, forward.logits().getShape()),
        step.create(weights),
        forward.kept(),
        forward.mask(),
        settings);
  }

  /** (rows, classes), row after row. */
  float[] targets(int[][] labels) {
    int classes = weights.length;
    float[] targets = new float[labels.length * classes];
    Arrays.fill(targets, (float) (smoothing / 2));
    for (int row = 0; row < labels.length; row++) {
      for (int label : labels[row]) {
        targets[row * classes + label] = (float) (1 - smoothing / 2);
      }
    }
    return targets;
  }
}
