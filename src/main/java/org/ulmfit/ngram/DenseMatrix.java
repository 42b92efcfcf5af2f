package org.ulmfit.ngram;

/** A matrix of which every value is kept, such as one vector of a sentence encoder a row. */
public final class DenseMatrix implements Matrix {
  private final float[][] rows;
  private final int width;

  /**
   * @param rows (rows, columns), at least one; not copied
   */
  public DenseMatrix(float[][] rows) {
    this.rows = rows;
    this.width = rows[0].length;
  }

  @Override
  public int rows() {
    return rows.length;
  }

  @Override
  public int width() {
    return width;
  }

  float[] row(int row) {
    return rows[row];
  }

  /** Four sums side by side: one alone would wait for each addition to end. */
  @Override
  public double times(int row, double[] vector) {
    float[] own = rows[row];
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < width; i += 4) {
      a += own[i] * vector[i];
      b += own[i + 1] * vector[i + 1];
      c += own[i + 2] * vector[i + 2];
      d += own[i + 3] * vector[i + 3];
    }
    for (; i < width; i++) {
      a += own[i] * vector[i];
    }
    return a + b + (c + d);
  }

  @Override
  public void addTo(double[] vector, int row, double t) {
    float[] own = rows[row];
    for (int i = 0; i < width; i++) {
      vector[i] += t * own[i];
    }
  }

  @Override
  public double square(int row) {
    double sum = 0;
    for (float value : rows[row]) {
      sum += (double) value * value;
    }
    return sum;
  }
}
