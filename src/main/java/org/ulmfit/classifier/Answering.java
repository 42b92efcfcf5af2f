package org.ulmfit.classifier;

import org.ulmfit.model.Tempering;

/**
 * What makes an answer's logits of a model's own: its temperature, and the order of the labels.
 *
 * @param order place of each label among the model's own
 * @param temperature what the logits are divided by
 */
public record Answering(int[] order, double temperature) {

  /** Logits (documents, labels) of a model's own (documents, labels). */
  public float[][] of(float[][] own) {
    float[][] divided = Tempering.divided(own, temperature);
    float[][] logits = new float[divided.length][order.length];
    for (int d = 0; d < logits.length; d++) {
      for (int c = 0; c < order.length; c++) {
        logits[d][c] = divided[d][order[c]];
      }
    }
    return logits;
  }

  /** The same of one document (labels). */
  public float[] of(float[] own) {
    return of(new float[][] {own})[0];
  }

  /** A target of an answer's logits as one of the model's own. */
  public Target of(Target target) {
    return new Own(this, target);
  }

  private record Own(Answering answering, Target target) implements Target {
    @Override
    public double value(float[] logits) {
      return target.value(answering.of(logits));
    }

    @Override
    public float[] gradient(float[] logits) {
      float[] gradient = target.gradient(answering.of(logits));
      float[] own = new float[gradient.length];
      for (int c = 0; c < own.length; c++) {
        own[answering.order[c]] = (float) (gradient[c] / answering.temperature);
      }
      return own;
    }
  }
}
