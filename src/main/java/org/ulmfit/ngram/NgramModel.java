package org.ulmfit.ngram;

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

  private double[] margins(NgramRow counts) {
    NgramRow x = tfIdf == null ? counts : tfIdf.of(counts);
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
