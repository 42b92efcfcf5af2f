package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ulmfit.nn.Kernels;

/**
 * One label a document: cross-entropy, with activation regularisation (AR) and temporal activation
 * regularisation (TAR) on what the encoder puts out. Merity et al. 2017 §4.4.
 *
 * @param alpha weight of AR
 * @param beta weight of TAR
 * @param weights of the classes (classes); null: all the same. A batch's mean is over the weights
 *     of its rows, as torch's is
 * @param smoothing share of the target that goes to all classes alike
 */
record CrossEntropy(double alpha, double beta, float @Nullable [] weights, double smoothing)
    implements Objective {

  CrossEntropy(double alpha, double beta) {
    this(alpha, beta, null, 0);
  }

  @Override
  public NDList losses(NDManager step, Kernels kernels, TextModel.Forward forward, int[][] labels) {
    NDArray classes = step.create(Arrays.stream(labels).mapToLong(own -> own[0]).toArray());
    NDArray settings = step.create(new float[] {(float) alpha, (float) beta, (float) smoothing});
    NDArray logits = forward.logits(); // (rows, classes)
    if (weights == null && smoothing == 0) {
      return kernels.call(
          step, "classifier_loss", logits, classes, forward.kept(), forward.mask(), settings);
    }
    return weighted(step, kernels, forward, classes, settings);
  }

  @Override
  public NDList losses(
      NDManager step, Kernels kernels, TextModel.Forward forward, float[] targets) {
    NDArray settings = step.create(new float[] {(float) alpha, (float) beta, (float) smoothing});
    NDArray classes = step.create(targets, forward.logits().getShape());
    return weighted(step, kernels, forward, classes, settings);
  }

  /**
   * @param classes (rows), or distributions over them (rows, classes)
   */
  private NDList weighted(
      NDManager step,
      Kernels kernels,
      TextModel.Forward forward,
      NDArray classes,
      NDArray settings) {
    NDArray logits = forward.logits();
    float[] all = new float[(int) logits.getShape().get(1)];
    Arrays.fill(all, 1);
    return kernels.call(
        step,
        "weighted_loss",
        logits,
        classes,
        step.create(weights == null ? all : weights),
        forward.kept(),
        forward.mask(),
        settings);
  }
}
