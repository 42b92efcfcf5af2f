package org.ulmfit.predict;

import java.util.Arrays;
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

  /**
   * What a number that is made of those logits changes by with each model's own.
   *
   * @param logits of one document (models, classes)
   * @param slopes what the number changes by with each of the logits {@link #of} gives (classes)
   * @return (models, classes)
   */
  double[][] gradient(float[][] logits, float[] slopes);

  /** That of a single model. */
  static Combination none() {
    return new Single();
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
      return new Weighted(weights, biases);
    }
    return labelling == Labelling.SINGLE ? new MeanOfClasses() : new MeanOfEach();
  }

  /** The only model's. */
  record Single() implements Combination {
    @Override
    public float[] of(float[][] logits) {
      return logits[0];
    }

    @Override
    public double[][] gradient(float[][] logits, float[] slopes) {
      double[] own = new double[slopes.length];
      Arrays.setAll(own, c -> slopes[c]);
      return new double[][] {own};
    }
  }

  /** A sum weighted by model, and a number for each class. */
  record Weighted(double[] weights, double[] biases) implements Combination {
    @Override
    public float[] of(float[][] logits) {
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

    @Override
    public double[][] gradient(float[][] logits, float[] slopes) {
      double[][] gradient = new double[weights.length][slopes.length];
      for (int m = 0; m < weights.length; m++) {
        double weight = weights[m];
        Arrays.setAll(gradient[m], c -> weight * slopes[c]);
      }
      return gradient;
    }
  }

  /**
   * The logarithm of the mean of softmax probabilities, which is its own logit. In logarithms
   * throughout, so that it is finite where a probability is too small for a number.
   */
  record MeanOfClasses() implements Combination {
    @Override
    public float[] of(float[][] logits) {
      double[][] logs = logs(logits);
      float[] mean = new float[logits[0].length];
      for (int c = 0; c < mean.length; c++) {
        mean[c] = (float) (logSum(column(logs, c)) - Math.log(logs.length));
      }
      return mean;
    }

    /** d log mean p / dz of a model: its share of the mean, times what its softmax changes by. */
    @Override
    public double[][] gradient(float[][] logits, float[] slopes) {
      double[][] logs = logs(logits);
      double[][] gradient = new double[logs.length][slopes.length];
      for (int c = 0; c < slopes.length; c++) {
        double all = logSum(column(logs, c));
        for (int m = 0; m < logs.length; m++) {
          double weight = slopes[c] * Math.exp(logs[m][c] - all);
          for (int j = 0; j < slopes.length; j++) {
            gradient[m][j] += weight * ((j == c ? 1 : 0) - Math.exp(logs[m][j]));
          }
        }
      }
      return gradient;
    }

    /** log p (models, classes). */
    private static double[][] logs(float[][] logits) {
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
      return logs;
    }
  }

  /** The logit of the mean of each class's sigmoid probabilities. */
  record MeanOfEach() implements Combination {
    @Override
    public float[] of(float[][] logits) {
      float[] mean = new float[logits[0].length];
      for (int c = 0; c < mean.length; c++) {
        mean[c] = (float) (logSum(yes(logits, c)) - logSum(no(logits, c)));
      }
      return mean;
    }

    /** d (log S - log (M - S)) / dz, S the sum of M sigmoids. */
    @Override
    public double[][] gradient(float[][] logits, float[] slopes) {
      double[][] gradient = new double[logits.length][slopes.length];
      for (int c = 0; c < slopes.length; c++) {
        double[] yes = yes(logits, c);
        double[] no = no(logits, c);
        double allYes = logSum(yes);
        double allNo = logSum(no);
        for (int m = 0; m < logits.length; m++) {
          double own = Math.exp(yes[m] - allYes + no[m]) + Math.exp(no[m] - allNo + yes[m]);
          gradient[m][c] = slopes[c] * own;
        }
      }
      return gradient;
    }

    /** log sigmoid(z) of each model. */
    private static double[] yes(float[][] logits, int c) {
      return Arrays.stream(logits).mapToDouble(own -> -softplus(-own[c])).toArray();
    }

    private static double[] no(float[][] logits, int c) {
      return Arrays.stream(logits).mapToDouble(own -> -softplus(own[c])).toArray();
    }
  }

  private static double[] column(double[][] rows, int c) {
    return Arrays.stream(rows).mapToDouble(row -> row[c]).toArray();
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
