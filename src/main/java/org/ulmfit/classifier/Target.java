package org.ulmfit.classifier;

import org.ulmfit.Labelling;

/** A number made of a document's logits: what an explanation accounts for. */
public interface Target {

  /** The number of logits (classes). */
  double value(float[] logits);

  /** What it changes by with each logit (classes). */
  float[] gradient(float[] logits);

  /**
   * The log-odds of a label, in nats: of one label a document that of its softmax against all
   * others together, of several the logit of its sigmoid.
   *
   * @param label index
   */
  static Target logOdds(Labelling labelling, int label) {
    return labelling == Labelling.MULTI ? new Logit(label) : new OddsOfOne(label);
  }

  /** A sum of logits (classes) weighted. */
  static Target weighted(float[] weights) {
    return new Weighted(weights);
  }

  /** One logit. */
  record Logit(int label) implements Target {
    @Override
    public double value(float[] logits) {
      return logits[label];
    }

    @Override
    public float[] gradient(float[] logits) {
      float[] gradient = new float[logits.length];
      gradient[label] = 1;
      return gradient;
    }
  }

  /** A weighted sum of logits. */
  record Weighted(float[] weights) implements Target {
    @Override
    public double value(float[] logits) {
      double sum = 0;
      for (int c = 0; c < weights.length; c++) {
        sum += (double) weights[c] * logits[c];
      }
      return sum;
    }

    @Override
    public float[] gradient(float[] logits) {
      return weights.clone();
    }
  }

  /** log p - log(1 - p) of a softmax. */
  record OddsOfOne(int label) implements Target {
    @Override
    public double value(float[] logits) {
      double most = greatestOther(logits);
      double sum = 0;
      for (int c = 0; c < logits.length; c++) {
        sum += c == label ? 0 : Math.exp(logits[c] - most);
      }
      return logits[label] - most - Math.log(sum);
    }

    /** 1, and of the others what each has of their softmax, less than 0. */
    @Override
    public float[] gradient(float[] logits) {
      double most = greatestOther(logits);
      double sum = 0;
      for (int c = 0; c < logits.length; c++) {
        sum += c == label ? 0 : Math.exp(logits[c] - most);
      }
      float[] gradient = new float[logits.length];
      for (int c = 0; c < logits.length; c++) {
        gradient[c] = c == label ? 1 : (float) (-Math.exp(logits[c] - most) / sum);
      }
      return gradient;
    }

    private double greatestOther(float[] logits) {
      double most = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < logits.length; c++) {
        most = c == label ? most : Math.max(most, logits[c]);
      }
      return most;
    }
  }
}
