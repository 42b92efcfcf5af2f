package org.ulmfit.ngram;

import java.util.List;

/**
 * What was learned of rows of numbers: weights for each output ({@link Truth#outputs}).
 * Thread-safe.
 *
 * @param weights (outputs, columns)
 * @param intercepts (outputs)
 * @param settled whether the solver ended within its tolerance; of a model that was saved nobody
 *     knows any more, and it is true
 */
public record DenseModel(float[][] weights, float[] intercepts, boolean settled)
    implements LinearModel<DenseMatrix> {

  static DenseModel of(List<Output> outputs) {
    float[] intercepts = new float[outputs.size()];
    for (int output = 0; output < intercepts.length; output++) {
      intercepts[output] = outputs.get(output).intercept();
    }
    return new DenseModel(
        outputs.stream().map(Output::weights).toArray(float[][]::new),
        intercepts,
        outputs.stream().allMatch(Output::settled));
  }

  @Override
  public double[] margins(DenseMatrix x, int row) {
    return margins(x.row(row));
  }

  /** The outputs' margins of a row (columns). */
  public double[] margins(float[] row) {
    double[] margins = new double[weights.length];
    for (int output = 0; output < margins.length; output++) {
      double sum = intercepts[output];
      for (int i = 0; i < row.length; i++) {
        sum += (double) weights[output][i] * row[i];
      }
      margins[output] = sum;
    }
    return margins;
  }
}
