package org.ulmfit.classifier;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import org.ulmfit.Labelling;
import org.ulmfit.nn.Kernels;
import org.ulmfit.train.Metrics;

/**
 * One label a document: softmax and cross-entropy, with activation regularisation (AR) and temporal
 * activation regularisation (TAR) on what the encoder puts out. Merity et al. 2017 §4.4.
 *
 * @param alpha weight of AR
 * @param beta weight of TAR
 */
record SingleLabel(double alpha, double beta) implements Objective {

  /** What a trained model's logits mean does not depend on its regularisers. */
  static final SingleLabel TRAINED = new SingleLabel(0, 0);

  @Override
  public double backward(
      NDManager step,
      GradientCollector collector,
      Kernels kernels,
      TextModel.Forward forward,
      int[][] labels) {
    NDList losses = losses(step, kernels, forward, labels);
    collector.backward(losses.get(0));
    forward.rest().run();
    return losses.get(1).getFloat();
  }

  /** The loss with its regularisers, and without. */
  NDList losses(NDManager step, Kernels kernels, TextModel.Forward forward, int[][] labels) {
    long[] classes = Arrays.stream(labels).mapToLong(own -> own[0]).toArray();
    float[] regularisers = {(float) alpha, (float) beta};
    return kernels.call(
        step,
        "classifier_loss",
        forward.logits(),
        step.create(classes), // (rows)
        forward.kept(),
        forward.mask(),
        step.create(regularisers));
  }

  @Override
  public float[] probabilities(float[] logits) {
    double max = max(logits);
    double sum = 0;
    double[] e = new double[logits.length];
    for (int i = 0; i < e.length; i++) {
      e[i] = Math.exp(logits[i] - max);
      sum += e[i];
    }
    float[] p = new float[e.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = (float) (e[i] / sum);
    }
    return p;
  }

  @Override
  public Labelling labelling() {
    return Labelling.SINGLE;
  }

  @Override
  public int[] decide(float[] probabilities) {
    return new int[] {Metrics.argMax(probabilities)};
  }

  @Override
  public double loss(float[] logits, int[] labels) {
    double max = max(logits);
    double sum = 0;
    for (float z : logits) {
      sum += Math.exp(z - max);
    }
    return max + Math.log(sum) - logits[labels[0]];
  }

  private static double max(float[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (float z : logits) {
      max = Math.max(max, z);
    }
    return max;
  }
}
