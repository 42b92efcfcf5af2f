package org.ulmfit.ngram;

import java.util.Random;
import java.util.stream.IntStream;
import org.ulmfit.Golden;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;

/** Matrices and problems that tests make. */
final class Made {

  private Made() {}

  static Documents documents(int[]... ids) {
    return new Documents(ids.length, doc -> ids[doc]);
  }

  static SparseMatrix matrix(double[][] dense) {
    SparseMatrix.Builder builder = new SparseMatrix.Builder(dense.length, dense[0].length);
    for (double[] row : dense) {
      int[] columns = IntStream.range(0, row.length).filter(c -> row[c] != 0).toArray();
      float[] values = new float[columns.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) row[columns[i]];
      }
      builder.add(columns, values);
    }
    return builder.matrix();
  }

  static double[] dense(SparseMatrix x, int row) {
    double[] dense = new double[x.width()];
    for (int i = x.start(row); i < x.start(row + 1); i++) {
      dense[x.column(i)] = x.value(i);
    }
    return dense;
  }

  /** Rows of which the first columns say, not quite reliably, what class they are of. */
  static SparseMatrix matrix(Random random, int[][] labels, int columns) {
    double[][] x = new double[labels.length][columns];
    for (int row = 0; row < x.length; row++) {
      for (int c = 0; c < columns; c++) {
        x[row][c] = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0;
      }
      for (int label : labels[row]) {
        x[row][label] += random.nextInt(4);
      }
    }
    return matrix(x);
  }

  static Truth single(Random random, int rows, int classes) {
    int[][] labels =
        IntStream.range(0, rows)
            .mapToObj(row -> new int[] {random.nextInt(classes)})
            .toArray(int[][]::new);
    return new Truth(Labelling.SINGLE, classes, labels);
  }

  static Truth several(Random random, int rows, int classes) {
    int[][] labels =
        IntStream.range(0, rows)
            .mapToObj(
                row -> IntStream.range(0, classes).filter(k -> random.nextInt(3) == 0).toArray())
            .toArray(int[][]::new);
    return new Truth(Labelling.MULTI, classes, labels);
  }

  static int[] all(SparseMatrix x) {
    return Golden.range(x.rows());
  }

  static Stop never() {
    return new Stop();
  }

  static SolverSettings tight() {
    return new SolverSettings(1e-9, 1_000_000, 7);
  }
}
