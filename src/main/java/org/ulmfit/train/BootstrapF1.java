package org.ulmfit.train;

import java.util.Arrays;
import java.util.List;
import org.ulmfit.Labelling;
import org.ulmfit.random.NumpyRandom;

/**
 * F1 of answers, and how far it would vary with other rows of the same kind: the percentile
 * interval of the bootstrap, rows drawn with replacement a thousand times (Efron and Tibshirani
 * 1993, chapter 13). The macro mean is that of {@code evaluate}: with one label a row over the
 * classes that occur in truth or answers, with several over all.
 *
 * @param macro the mean over labels
 * @param macroInterval where it lies
 * @param labelIntervals where F1 of each label lies
 */
public record BootstrapF1(double macro, Interval macroInterval, List<Interval> labelIntervals) {
  private static final int DRAWS = 1_000;
  private static final long SEED = 1;

  /**
   * Of answers.
   *
   * @param labels how many there are
   * @param truth indices of each row's labels; at least one row
   * @param predicted indices of each row's answers
   */
  public static BootstrapF1 of(Labelling labelling, int labels, int[][] truth, int[][] predicted) {
    NumpyRandom random = new NumpyRandom(SEED);
    int last = truth.length - 1;
    double[] macros = new double[DRAWS];
    double[][] each = new double[labels][DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      Counts drawn = new Counts(labels);
      for (int i = 0; i <= last; i++) {
        int row = random.nextBounded(last);
        drawn.add(truth[row], predicted[row]);
      }
      macros[draw] = drawn.macro(labelling);
      for (int label = 0; label < labels; label++) {
        each[label][draw] = drawn.f1(label);
      }
    }
    Counts all = new Counts(labels);
    for (int row = 0; row <= last; row++) {
      all.add(truth[row], predicted[row]);
    }
    return new BootstrapF1(
        all.macro(labelling),
        middle(macros),
        Arrays.stream(each).map(BootstrapF1::middle).toList());
  }

  /** The middle 95%. */
  private static Interval middle(double[] draws) {
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

  /** Hits of some rows. */
  private static final class Counts {
    private final int[] hits;
    private final int[] all; // in truth, and in answers

    Counts(int labels) {
      hits = new int[labels];
      all = new int[labels];
    }

    void add(int[] truth, int[] predicted) {
      for (int label : truth) {
        all[label]++;
      }
      for (int label : predicted) {
        all[label]++;
        for (int right : truth) {
          hits[label] += right == label ? 1 : 0;
        }
      }
    }

    double f1(int label) {
      return all[label] == 0 ? 0 : 2.0 * hits[label] / all[label];
    }

    double macro(Labelling labelling) {
      double sum = 0;
      int counted = 0;
      for (int label = 0; label < all.length; label++) {
        sum += f1(label);
        counted += labelling == Labelling.MULTI || all[label] > 0 ? 1 : 0;
      }
      return sum / Math.max(1, counted);
    }
  }
}
