package org.ulmfit.ngram;

import java.util.stream.IntStream;

/**
 * Counts weighted by how rare an n-gram is, each row brought to length 1: scikit-learn's {@code
 * TfidfTransformer} with its smoothed idf, ln((1 + rows) / (1 + rows with the n-gram)) + 1.
 *
 * @param idf (columns); 0 where no row that it was learned on has the n-gram, which is then left
 *     out, as it would be had it not been counted
 * @param sublinear whether a count c weighs 1 + ln c in place of c
 */
public record TfIdf(float[] idf, boolean sublinear) {

  /**
   * Learns how rare n-grams are.
   *
   * @param counts (documents, columns)
   * @param rows which of them to learn on
   */
  public static TfIdf learn(SparseMatrix counts, int[] rows, boolean sublinear) {
    double[] frequency = counts.present(rows, row -> 1);
    float[] idf = new float[frequency.length];
    for (int c = 0; c < idf.length; c++) {
      double rarity = Math.log((1.0 + rows.length) / (1 + frequency[c])) + 1;
      idf[c] = frequency[c] == 0 ? 0 : (float) rarity;
    }
    return new TfIdf(idf, sublinear);
  }

  /** The rows of counts, weighted; a row without any known n-gram stays zero. */
  public SparseMatrix of(SparseMatrix counts) {
    float[] weighted = new float[counts.size()];
    IntStream.range(0, counts.rows())
        .parallel()
        .forEach(
            row -> {
              int from = counts.start(row);
              int to = counts.start(row + 1);
              for (int i = from; i < to; i++) {
                weighted[i] = weight(counts.column(i), counts.value(i));
              }
              normalise(weighted, from, to);
            });
    return counts.with(weighted);
  }

  /** The same of one row. */
  NgramRow of(NgramRow counts) {
    float[] weighted = new float[counts.counts().length];
    for (int i = 0; i < weighted.length; i++) {
      weighted[i] = weight(counts.columns()[i], counts.counts()[i]);
    }
    normalise(weighted, 0, weighted.length);
    return new NgramRow(counts.columns(), weighted);
  }

  private float weight(int column, float count) {
    return (float) ((sublinear ? 1 + Math.log(count) : count) * (double) idf[column]);
  }

  private static void normalise(float[] values, int from, int to) {
    double square = 0;
    for (int i = from; i < to; i++) {
      square += (double) values[i] * values[i];
    }
    double length = square == 0 ? 1 : Math.sqrt(square);
    for (int i = from; i < to; i++) {
      values[i] = (float) (values[i] / length);
    }
  }
}
