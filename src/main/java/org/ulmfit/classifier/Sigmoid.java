package org.ulmfit.classifier;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ulmfit.Labelling;
import org.ulmfit.train.Thresholds;

/**
 * Any number of labels a document: those whose probability reaches their threshold.
 *
 * @param thresholds (classes)
 */
record Sigmoid(double[] thresholds) implements Output {

  static Sigmoid halves(int classes) {
    double[] halves = new double[classes];
    Arrays.fill(halves, 0.5);
    return new Sigmoid(halves);
  }

  @Override
  public Labelling labelling() {
    return Labelling.MULTI;
  }

  @Override
  public Output fitted(float[][] probabilities, int[][] truth) {
    return new Sigmoid(Thresholds.choose(probabilities, truth, thresholds.length));
  }

  @Override
  public float[] probabilities(float[] logits) {
    float[] p = new float[logits.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = (float) (1 / (1 + Math.exp(-logits[i])));
    }
    return p;
  }

  @Override
  public int[] decide(float[] p) {
    return IntStream.range(0, p.length)
        .filter(c -> p[c] >= thresholds[c])
        .boxed()
        .sorted(Comparator.comparingDouble(c -> -p[c]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Stable for logits of any size: {@code max(z, 0) - z t + log(1 + exp(-|z|))}. */
  @Override
  public double loss(float[] logits, int[] labels) {
    double sum = 0;
    for (float z : logits) {
      sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    }
    for (int label : labels) {
      sum -= logits[label];
    }
    return sum / logits.length;
  }
}
