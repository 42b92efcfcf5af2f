package org.ulmfit.classifier;

import org.ulmfit.Labelling;
import org.ulmfit.train.Metrics;

/** One label a document: the most probable one. */
record Softmax() implements Output {

  @Override
  public Labelling labelling() {
    return Labelling.SINGLE;
  }

  @Override
  public Output fitted(float[][] probabilities, int[][] truth) {
    return this;
  }

  @Override
  public double[] thresholds() {
    return new double[0];
  }

  @Override
  public float[] probabilities(float[] logits) {
    double[] exact = Metrics.softmax(logits);
    float[] p = new float[exact.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = (float) exact[i];
    }
    return p;
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
