package org.ulmfit.train;

import java.util.BitSet;
import java.util.function.IntToLongFunction;

/**
 * Hits and misses of answers that are sets of labels, and the measures read off them, as
 * scikit-learn defines them for a matrix of 0 and 1 with a column a label: a measure whose
 * denominator is zero is 0 (its {@code zero_division=0}), and every label counts in a mean, one
 * that no row has too. Source: scikit-learn, {@code precision_recall_fscore_support}, {@code
 * accuracy_score}, {@code hamming_loss}.
 */
public final class LabelCounts {

  /** Three measures under one way to average. */
  public record Average(double precision, double recall, double f1) {
    private Average over(long count) {
      return count == 0 ? this : new Average(precision / count, recall / count, f1 / count);
    }
  }

  private final long[] hits; // true positives
  private final long[] truths;
  private final long[] answers;
  private final long rows;
  private long right;
  private long rowsWithNone;
  private long answersWithNone;
  private double precisions;
  private double recalls;
  private double f1s;

  private LabelCounts(int labels, long rows) {
    this.hits = new long[labels];
    this.truths = new long[labels];
    this.answers = new long[labels];
    this.rows = rows;
  }

  /**
   * Counts rows.
   *
   * @param truth indices of each row's labels, in any order
   * @param predicted indices of the labels answered for each row, in any order
   * @param labels number of labels there are
   */
  public static LabelCounts of(int[][] truth, int[][] predicted, int labels) {
    LabelCounts counts = new LabelCounts(labels, truth.length);
    for (int row = 0; row < truth.length; row++) {
      counts.add(set(truth[row]), set(predicted[row]));
    }
    return counts;
  }

  private static BitSet set(int[] labels) {
    BitSet set = new BitSet();
    for (int label : labels) {
      set.set(label);
    }
    return set;
  }

  private void add(BitSet truth, BitSet predicted) {
    truth.stream().forEach(label -> truths[label]++);
    predicted.stream().forEach(label -> answers[label]++);
    right += truth.equals(predicted) ? 1 : 0;
    rowsWithNone += truth.isEmpty() ? 1 : 0;
    answersWithNone += predicted.isEmpty() ? 1 : 0;
    BitSet both = (BitSet) truth.clone();
    both.and(predicted);
    both.stream().forEach(label -> hits[label]++);
    Average own = measures(both.cardinality(), predicted.cardinality(), truth.cardinality());
    precisions += own.precision;
    recalls += own.recall;
    f1s += own.f1;
  }

  private static Average measures(long hits, long answers, long truths) {
    return new Average(
        ratio(hits, answers), ratio(hits, truths), ratio(2 * hits, truths + answers));
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  public int labels() {
    return hits.length;
  }

  /** Rows counted. */
  public long rows() {
    return rows;
  }

  /** Rows that have no label. */
  public long rowsWithNone() {
    return rowsWithNone;
  }

  /** Rows for which no label was answered. */
  public long answersWithNone() {
    return answersWithNone;
  }

  /** Rows of a label for which it was answered. */
  public long truePositives(int label) {
    return hits[label];
  }

  /** Rows of another label, or of none, for which a label was answered. */
  public long falsePositives(int label) {
    return answers[label] - hits[label];
  }

  /** Rows of a label for which it was not answered. */
  public long falseNegatives(int label) {
    return truths[label] - hits[label];
  }

  /** Rows of a label. */
  public long support(int label) {
    return truths[label];
  }

  /** Rows for which a label was answered. */
  public long predicted(int label) {
    return answers[label];
  }

  public double precision(int label) {
    return ratio(hits[label], answers[label]);
  }

  public double recall(int label) {
    return ratio(hits[label], truths[label]);
  }

  public double f1(int label) {
    return ratio(2 * hits[label], truths[label] + answers[label]);
  }

  /** Of all pairs of row and label together. */
  public Average micro() {
    return measures(sum(hits), sum(answers), sum(truths));
  }

  /** Plain means over the labels. */
  public Average macro() {
    return mean(label -> 1);
  }

  /** Means over the labels, each weighted by its rows. */
  public Average weighted() {
    return mean(this::support);
  }

  /** Plain means over the rows. */
  public Average samples() {
    return new Average(precisions, recalls, f1s).over(rows);
  }

  /** Share of the rows whose labels are all right, and no other given. */
  public double subsetAccuracy() {
    return ratio(right, rows);
  }

  /** Share of the pairs of row and label that are wrong. */
  public double hammingLoss() {
    return ratio(sum(truths) + sum(answers) - 2 * sum(hits), rows * labels());
  }

  private Average mean(IntToLongFunction weight) {
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    long weights = 0;
    for (int label = 0; label < labels(); label++) {
      long w = weight.applyAsLong(label);
      precision += w * precision(label);
      recall += w * recall(label);
      f1 += w * f1(label);
      weights += w;
    }
    return new Average(precision, recall, f1).over(weights);
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }
}
