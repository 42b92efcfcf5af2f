package org.ulmfit.compare;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.ulmfit.Labelling;
import org.ulmfit.random.NumpyRandom;

/**
 * Macro F1 of answers, and how far it would vary with other rows of the same kind. As the figures
 * of {@code evaluate}: with one label a row the mean over the classes that occur in truth or
 * answers, with several over all.
 */
final class MacroF1 {
  private static final int DRAWS = 1_000;
  private static final long SEED = 1;

  private final Labelling labelling;
  private final int labels;
  private final int[][] truth;
  private final int[][] predicted;

  /**
   * @param labels how many there are
   * @param truth indices of each row's labels
   * @param predicted indices of each row's answers
   */
  MacroF1(Labelling labelling, int labels, int[][] truth, int[][] predicted) {
    this.labelling = labelling;
    this.labels = labels;
    this.truth = truth;
    this.predicted = predicted;
  }

  double value() {
    return of(i -> i);
  }

  /**
   * The percentile interval of the bootstrap: rows drawn with replacement a thousand times. Efron
   * and Tibshirani 1993, chapter 13.
   */
  Interval interval() {
    NumpyRandom random = new NumpyRandom(SEED);
    int last = truth.length - 1;
    double[] draws = new double[DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      draws[draw] = of(i -> random.nextBounded(last));
    }
    Arrays.sort(draws);
    return new Interval(percentile(draws, .025), percentile(draws, .975));
  }

  /** Between the two nearest, as {@code numpy.percentile} by default. */
  private static double percentile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    double above = sorted[Math.min(below + 1, sorted.length - 1)];
    return sorted[below] + (at - below) * (above - sorted[below]);
  }

  /** Of as many rows as there are, each as the draw says. */
  private double of(IntUnaryOperator row) {
    int[] hits = new int[labels];
    int[] all = new int[labels]; // in truth, and in answers
    for (int i = 0; i < truth.length; i++) {
      int r = row.applyAsInt(i);
      for (int label : truth[r]) {
        all[label]++;
      }
      for (int label : predicted[r]) {
        all[label]++;
        for (int right : truth[r]) {
          hits[label] += right == label ? 1 : 0;
        }
      }
    }
    double sum = 0;
    int counted = 0;
    for (int label = 0; label < labels; label++) {
      sum += all[label] == 0 ? 0 : 2.0 * hits[label] / all[label];
      counted += labelling == Labelling.MULTI || all[label] > 0 ? 1 : 0;
    }
    return sum / Math.max(1, counted);
  }
}
