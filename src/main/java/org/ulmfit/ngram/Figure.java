package org.ulmfit.ngram;

import org.ulmfit.Labelling;

/** What a strength is chosen by. All as scikit-learn's, what cannot be divided taken for 0. */
public enum Figure {
  /** Share of rows whose labels are all right, and no other given. */
  ACCURACY("accuracy"),
  /** Mean of the labels' F1. */
  MACRO_F1("macro F1"),
  /** F1 over all pairs of row and label. */
  MICRO_F1("micro F1");

  private final String word;

  Figure(String word) {
    this.word = word;
  }

  /** As people see it. */
  public String word() {
    return word;
  }

  /**
   * The figure of some rows. An answer is the label with the greatest margin where a row has one,
   * otherwise every label with a margin above 0.
   *
   * @param margins (all rows, outputs)
   * @param rows which of them
   */
  double of(Truth truth, double[][] margins, int[] rows) {
    long[] right = new long[truth.classes()];
    long[] given = new long[truth.classes()];
    long[] due = new long[truth.classes()];
    int whole = 0;
    for (int row : rows) {
      boolean same = true;
      for (int label = 0; label < truth.classes(); label++) {
        boolean has = truth.has(row, label);
        boolean answered = answered(truth, margins[row], label);
        same &= has == answered;
        right[label] += has && answered ? 1 : 0;
        given[label] += answered ? 1 : 0;
        due[label] += has ? 1 : 0;
      }
      whole += same ? 1 : 0;
    }
    return switch (this) {
      case ACCURACY -> (double) whole / rows.length;
      case MACRO_F1 -> macro(right, given, due);
      case MICRO_F1 -> f1(sum(right), sum(given), sum(due));
    };
  }

  private static boolean answered(Truth truth, double[] margins, int label) {
    if (truth.labelling() == Labelling.MULTI) {
      return margins[label] > 0;
    }
    if (truth.isBinary()) {
      return (label == 1) == (margins[0] > 0);
    }
    int best = 0;
    for (int k = 1; k < margins.length; k++) {
      best = margins[k] > margins[best] ? k : best;
    }
    return best == label;
  }

  private static double macro(long[] right, long[] given, long[] due) {
    double sum = 0;
    for (int label = 0; label < right.length; label++) {
      sum += f1(right[label], given[label], due[label]);
    }
    return sum / right.length;
  }

  private static double f1(long right, long given, long due) {
    return right == 0 ? 0 : 2.0 * right / (given + due);
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }
}
