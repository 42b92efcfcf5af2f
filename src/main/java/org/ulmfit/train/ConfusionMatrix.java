package org.ulmfit.train;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts of true against predicted classes and the measures read off them, as scikit-learn defines
 * them: a measure whose denominator is zero is 0 (its {@code zero_division=0}), and a mean over
 * classes is taken over those that occur among the true or the predicted ones (its {@code labels}
 * when none are given). What was never measured is told apart by {@link #support} and {@link
 * #predicted}: tables show no figure where there is none.
 */
public final class ConfusionMatrix {

  /** Classes from which on the pairs are not counted: the measures do without them. */
  static final int TOO_WIDE = 1_001;

  private final long @Nullable [][] pairs; // (true class, predicted class)
  private final long[] support;
  private final long[] predicted;
  private final long[] hits;
  private long total;

  public ConfusionMatrix(int classes) {
    pairs = classes < TOO_WIDE ? new long[classes][classes] : null;
    support = new long[classes];
    predicted = new long[classes];
    hits = new long[classes];
  }

  /** Counts one row. */
  public void add(int actual, int answered) {
    if (pairs != null) {
      pairs[actual][answered]++;
    }
    support[actual]++;
    predicted[answered]++;
    hits[actual] += actual == answered ? 1 : 0;
    total++;
  }

  /** A copy of the counts: (true class, predicted class); null of more than 1,000 classes. */
  public long @Nullable [][] counts() {
    return pairs == null ? null : Arrays.stream(pairs).map(long[]::clone).toArray(long[][]::new);
  }

  /** The counts, a row in brackets for each true class. */
  @Override
  public String toString() {
    return pairs == null ? classes() + " classes" : Arrays.deepToString(pairs);
  }

  public int classes() {
    return support.length;
  }

  /** Rows counted. */
  public long total() {
    return total;
  }

  /** Rows predicted right. */
  public long correct() {
    return Arrays.stream(hits).sum();
  }

  public double accuracy() {
    return ratio(correct(), total());
  }

  /** Rows whose true class is {@code c}. */
  public long support(int c) {
    return support[c];
  }

  /** Share of the rows predicted as {@code c} that are {@code c}. */
  public double precision(int c) {
    return ratio(hits[c], predicted(c));
  }

  /** Share of the rows of {@code c} that are predicted as {@code c}. */
  public double recall(int c) {
    return ratio(hits[c], support(c));
  }

  /** Harmonic mean of precision and recall. */
  public double f1(int c) {
    return ratio(2 * hits[c], support(c) + predicted(c));
  }

  /**
   * Plain mean of the F1 of the classes that occur; 0 without rows. Source: scikit-learn, {@code
   * f1_score(truth, predicted, average="macro")}.
   */
  public double macroF1() {
    double sum = 0;
    int n = 0;
    for (int c = 0; c < classes(); c++) {
      sum += f1(c);
      n += occurs(c) ? 1 : 0;
    }
    return n == 0 ? 0 : sum / n;
  }

  /**
   * Mean of the F1 of the classes, each weighted by its rows. Source: scikit-learn, {@code
   * f1_score(truth, predicted, average="weighted")}.
   */
  public double weightedF1() {
    double sum = 0;
    for (int c = 0; c < classes(); c++) {
      sum += support(c) * f1(c);
    }
    return total() == 0 ? 0 : sum / total();
  }

  /**
   * Plain mean of the recall of the classes that have rows; 0 without rows. Source: scikit-learn,
   * {@code balanced_accuracy_score}.
   */
  public double balancedAccuracy() {
    double sum = 0;
    int n = 0;
    for (int c = 0; c < classes(); c++) {
      sum += recall(c);
      n += support(c) > 0 ? 1 : 0;
    }
    return n == 0 ? 0 : sum / n;
  }

  /**
   * Matthews correlation of truth and answer, from -1 to 1; 0 where either is the same class for
   * all rows. Sources: Gorodkin 2004, "Comparing two K-category assignments by a K-category
   * correlation coefficient"; scikit-learn, {@code matthews_corrcoef}.
   */
  public double matthews() {
    double rows = total();
    double chance = 0; // products of the margins
    double truth = 0;
    double answers = 0;
    for (int c = 0; c < classes(); c++) {
      chance += (double) support(c) * predicted(c);
      truth += (double) support(c) * support(c);
      answers += (double) predicted(c) * predicted(c);
    }
    double spread = (rows * rows - truth) * (rows * rows - answers);
    return spread == 0 ? 0 : (correct() * rows - chance) / Math.sqrt(spread);
  }

  /** Whether the class is that of a row or was predicted for one. */
  public boolean occurs(int c) {
    return support(c) + predicted(c) > 0;
  }

  /** Rows predicted as {@code c}. */
  public long predicted(int c) {
    return predicted[c];
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
