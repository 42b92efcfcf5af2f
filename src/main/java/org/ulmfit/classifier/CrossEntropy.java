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
 * @param weights of the rows by their class (classes); null: all the same. A batch's mean is over
 *     the weights of its rows. Not as torch, which weighs each part of a smoothed target by that
 *     part's class, so that a rare class would be the best answer to every row
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
    float[] rows = new float[labels.length];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = weights == null ? 1 : weights[labels[row][0]];
    }
    return weighted(step, kernels, forward, classes, rows, settings);
  }

  @Override
  public NDList losses(
      NDManager step, Kernels kernels, TextModel.Forward forward, float[] targets) {
    NDArray settings = step.create(new float[] {(float) alpha, (float) beta, (float) smoothing});
    NDArray classes = step.create(targets, forward.logits().getShape());
    int count = (int) forward.logits().getShape().get(1);
    float[] rows = new float[targets.length / count];
    for (int i = 0; i < targets.length; i++) {
      rows[i / count] += weights == null ? targets[i] : targets[i] * weights[i % count];
    }
    return weighted(step, kernels, forward, classes, rows, settings);
  }

  /**
   * @param classes (rows), or distributions over them (rows, classes)
   * @param rows their weights
   */
  private static NDList weighted(
      NDManager step,
      Kernels kernels,
      TextModel.Forward forward,
      NDArray classes,
      float[] rows,
      NDArray settings) {
    return kernels.call(
        step,
        "weighted_loss",
        forward.logits(),
        classes,
        step.create(rows),
        forward.kept(),
        forward.mask(),
        settings);
  }
}
