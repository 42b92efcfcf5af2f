package org.ulmfit.ngram;

import java.util.stream.IntStream;
import org.ulmfit.Labelling;

/**
 * How much a column's mean differs between classes against how much it varies within: the F value
 * of a one-way analysis of variance, scikit-learn's {@code f_classif}.
 */
final class AnovaF {

  private AnovaF() {}

  /**
   * The F value of each column (width); where rows have several labels, the greatest that one of
   * these has against the others. A column that is the same in all rows has 0.
   */
  static double[] of(SparseMatrix matrix, Truth truth) {
    if (truth.labelling() == Labelling.SINGLE) {
      int[] classes = IntStream.range(0, matrix.rows()).map(r -> truth.labels()[r][0]).toArray();
      return of(matrix, classes, truth.classes());
    }
    double[] most = new double[matrix.width()];
    for (int label = 0; label < truth.classes(); label++) {
      int own = label;
      int[] classes =
          IntStream.range(0, matrix.rows()).map(r -> truth.has(r, own) ? 1 : 0).toArray();
      double[] f = of(matrix, classes, 2);
      for (int c = 0; c < most.length; c++) {
        most[c] = Math.max(most[c], f[c]);
      }
    }
    return most;
  }

  private static double[] of(SparseMatrix matrix, int[] classes, int count) {
    int width = matrix.width();
    double[][] sums = new double[count][width];
    double[] squares = new double[width];
    int[] rows = new int[count];
    for (int row = 0; row < matrix.rows(); row++) {
      rows[classes[row]]++;
      double[] own = sums[classes[row]];
      for (int i = matrix.start(row); i < matrix.start(row + 1); i++) {
        double value = matrix.value(i);
        own[matrix.column(i)] += value;
        squares[matrix.column(i)] += value * value;
      }
    }
    int present = (int) IntStream.of(rows).filter(n -> n > 0).count();
    double[] f = new double[width];
    for (int c = 0; c < width; c++) {
      double total = 0;
      double between = 0;
      for (int k = 0; k < count; k++) {
        total += sums[k][c];
        between += rows[k] == 0 ? 0 : sums[k][c] * sums[k][c] / rows[k];
      }
      between -= total * total / matrix.rows();
      double within = squares[c] - total * total / matrix.rows() - between;
      double ratio =
          between / Math.max(1, present - 1) / (within / Math.max(1, matrix.rows() - present));
      f[c] = between <= 0 ? 0 : within <= 0 ? Double.MAX_VALUE : ratio;
    }
    return f;
  }
}
