package org.ulmfit.ngram;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was learned of counted n-grams: weights for each output ({@link Truth#outputs}).
 * Thread-safe.
 *
 * @param tfIdf what is done to the counts first; null: each that is not 0 becomes 1
 * @param weights (outputs, columns)
 * @param intercepts (outputs)
 * @param settled whether the solver ended within its tolerance, not at its last pass; of a model
 *     that was saved nobody knows any more, and it is true
 */
public record NgramModel(
    @Nullable TfIdf tfIdf, float[][] weights, float[] intercepts, boolean settled)
    implements LinearModel<SparseMatrix> {

  static NgramModel of(@Nullable TfIdf tfIdf, List<Output> outputs) {
    float[][] weights = outputs.stream().map(Output::weights).toArray(float[][]::new);
    float[] intercepts = new float[weights.length];
    for (int output = 0; output < intercepts.length; output++) {
      intercepts[output] = outputs.get(output).intercept();
    }
    boolean settled = outputs.stream().allMatch(Output::settled);
    return new NgramModel(tfIdf, weights, intercepts, settled);
  }

  @Override
  public double[] margins(SparseMatrix counts, int row) {
    return margins(counts.row(row));
  }

  /** The outputs' margins of a document. */
  public double[] margins(Ngrams ngrams, int[] ids) {
    return margins(NgramRow.of(ngrams, ids));
  }

  /**
   * What each token of a document adds to the margins: the weight of each n-gram times what is made
   * of its count, shared by its occurrences and by their tokens.
   *
   * @return (outputs, tokens); their sums and the intercepts are the margins
   */
  public double[][] contributions(Ngrams ngrams, int[] ids) {
    NgramRow counts = NgramRow.of(ngrams, ids);
    NgramRow x = weighed(counts);
    double[][] shares = new double[weights.length][ids.length];
    ngrams.forEach(
        ids,
        (column, from, length) -> {
          int i = Arrays.binarySearch(counts.columns(), column);
          double value = tfIdf == null ? 1.0 : x.counts()[i];
          double share = value / counts.counts()[i] / length;
          for (int output = 0; output < weights.length; output++) {
            for (int t = from; t < from + length; t++) {
              shares[output][t] += share * weights[output][column];
            }
          }
        });
    return shares;
  }

  private NgramRow weighed(NgramRow counts) {
    return tfIdf == null ? counts : tfIdf.of(counts);
  }

  private double[] margins(NgramRow counts) {
    NgramRow x = weighed(counts);
    double[] margins = new double[weights.length];
    for (int output = 0; output < margins.length; output++) {
      float[] own = weights[output];
      double sum = intercepts[output];
      for (int i = 0; i < x.columns().length; i++) {
        sum += own[x.columns()[i]] * (tfIdf == null ? 1.0 : x.counts()[i]);
      }
      margins[output] = sum;
    }
    return margins;
  }
}
