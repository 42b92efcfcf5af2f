package org.ulmfit.predict;

import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.model.EnsembleConfig;

/** What the logits of several models come to. */
interface Combination {

  /**
   * Logits (classes) whose probabilities are the answer.
   *
   * @param logits of one document (models, classes)
   */
  float[] of(float[][] logits);

  /** That of a single model. */
  static Combination none() {
    return logits -> logits[0];
  }

  /**
   * That of an ensemble.
   *
   * @param stacking null: the mean
   */
  static Combination of(Labelling labelling, EnsembleConfig.@Nullable Stacking stacking) {
    if (stacking != null) {
      double[] weights = stacking.weights().stream().mapToDouble(Double::doubleValue).toArray();
      double[] biases = stacking.biases().stream().mapToDouble(Double::doubleValue).toArray();
      return logits -> weighted(logits, weights, biases);
    }
    return labelling == Labelling.SINGLE ? Combination::meanOfClasses : Combination::meanOfEach;
  }

  private static float[] weighted(float[][] logits, double[] weights, double[] biases) {
    float[] sum = new float[biases.length];
    for (int c = 0; c < sum.length; c++) {
      double z = biases[c];
      for (int m = 0; m < weights.length; m++) {
        z += weights[m] * logits[m][c];
      }
      sum[c] = (float) z;
    }
    return sum;
  }

  /**
   * The logarithm of the mean of softmax probabilities, which is its own logit. In logarithms
   * throughout, so that it is finite where a probability is too small for a number.
   */
  private static float[] meanOfClasses(float[][] logits) {
    double[][] logs = new double[logits.length][];
    for (int m = 0; m < logs.length; m++) {
      double[] own = new double[logits[m].length];
      for (int c = 0; c < own.length; c++) {
        own[c] = logits[m][c];
      }
      double whole = logSum(own);
      for (int c = 0; c < own.length; c++) {
        own[c] -= whole;
      }
      logs[m] = own;
    }
    float[] mean = new float[logits[0].length];
    double[] column = new double[logs.length];
    for (int c = 0; c < mean.length; c++) {
      for (int m = 0; m < logs.length; m++) {
        column[m] = logs[m][c];
      }
      mean[c] = (float) (logSum(column) - Math.log(logs.length));
    }
    return mean;
  }

  /** The logit of the mean of each class's sigmoid probabilities. */
  private static float[] meanOfEach(float[][] logits) {
    float[] mean = new float[logits[0].length];
    double[] yes = new double[logits.length];
    double[] no = new double[logits.length];
    for (int c = 0; c < mean.length; c++) {
      for (int m = 0; m < logits.length; m++) {
        yes[m] = -softplus(-logits[m][c]); // log sigmoid(z)
        no[m] = -softplus(logits[m][c]);
      }
      mean[c] = (float) (logSum(yes) - logSum(no));
    }
    return mean;
  }

  /** log(1 + e^x). */
  static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** log(e^x1 + e^x2 + ...). */
  static double logSum(double[] x) {
    double max = Double.NEGATIVE_INFINITY;
    for (double v : x) {
      max = Math.max(max, v);
    }
    double sum = 0;
    for (double v : x) {
      sum += Math.exp(v - max);
    }
    return max + Math.log(sum);
  }
}
