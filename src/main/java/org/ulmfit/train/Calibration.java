package org.ulmfit.train;

import java.util.ArrayList;
import java.util.List;
import org.ulmfit.Labelling;

/**
 * Whether probabilities are what they say: rows in bins of equal width by their confidence, and how
 * many of each bin are right. Source: Guo et al. 2017.
 *
 * @param bins those that have rows, the least confident first
 * @param error expected calibration error: mean distance of confidence and share of right answers,
 *     by rows
 */
public record Calibration(List<Bin> bins, double error) {
  private static final int BINS = 15; // Guo et al. 2017

  /**
   * A bin.
   *
   * @param confidence mean of its rows
   * @param right share of its rows that are right
   */
  public record Bin(double low, double high, int rows, double confidence, double right) {}

  /**
   * Of answers: with one label a row its probability and whether it is right, with several each
   * label's probability and whether the row has it.
   */
  public static Calibration of(Scores scores) {
    double[] confidence = new double[BINS];
    int[] right = new int[BINS];
    int[] rows = new int[BINS];
    boolean single = scores.labelling() == Labelling.SINGLE;
    for (int row = 0; row < scores.rows(); row++) {
      float[] p = scores.probabilities()[row];
      if (single) {
        int answer = scores.predicted()[row][0];
        add(p[answer], scores.truth()[row][0] == answer, confidence, right, rows);
        continue;
      }
      for (int label = 0; label < p.length; label++) {
        add(p[label], has(scores.truth()[row], label), confidence, right, rows);
      }
    }
    return of(confidence, right, rows);
  }

  private static boolean has(int[] labels, int label) {
    for (int one : labels) {
      if (one == label) {
        return true;
      }
    }
    return false;
  }

  private static void add(double p, boolean hit, double[] confidence, int[] right, int[] rows) {
    int bin = Math.max(0, Math.min(BINS - 1, (int) Math.ceil(p * BINS) - 1)); // (low, high]
    confidence[bin] += p;
    right[bin] += hit ? 1 : 0;
    rows[bin]++;
  }

  private static Calibration of(double[] confidence, int[] right, int[] rows) {
    List<Bin> bins = new ArrayList<>();
    double distance = 0;
    long all = 0;
    for (int b = 0; b < BINS; b++) {
      if (rows[b] > 0) {
        bins.add(
            new Bin(
                (double) b / BINS,
                (b + 1.0) / BINS,
                rows[b],
                confidence[b] / rows[b],
                (double) right[b] / rows[b]));
        distance += Math.abs(confidence[b] - right[b]);
        all += rows[b];
      }
    }
    return new Calibration(List.copyOf(bins), all == 0 ? 0 : distance / all);
  }
}
