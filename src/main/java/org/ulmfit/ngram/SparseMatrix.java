package org.ulmfit.ngram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;

/**
 * A matrix of which only what is not zero is kept, row by row (CSR). Eight bytes a value, four of
 * them shared by all matrices that are made of one another. Immutable.
 */
public final class SparseMatrix implements Matrix {
  private static final int MOST = Integer.MAX_VALUE - 8; // that an array can hold

  private final int width;
  private final int[] starts; // (rows + 1)
  private final int[] columns; // (values), ascending in each row
  private final float[] values;

  private SparseMatrix(int width, int[] starts, int[] columns, float[] values) {
    this.width = width;
    this.starts = starts;
    this.columns = columns;
    this.values = values;
  }

  @Override
  public int rows() {
    return starts.length - 1;
  }

  @Override
  public int width() {
    return width;
  }

  /** Number of values that are kept, in all rows. */
  public int size() {
    return starts[rows()];
  }

  /** Place of a row's first value; of the row after the last one: {@link #size}. */
  public int start(int row) {
    return starts[row];
  }

  /** Column of the value at a place. */
  public int column(int place) {
    return columns[place];
  }

  public float value(int place) {
    return values[place];
  }

  NgramRow row(int row) {
    int from = starts[row];
    int to = starts[row + 1];
    return new NgramRow(
        Arrays.copyOfRange(columns, from, to), Arrays.copyOfRange(values, from, to));
  }

  /** This with a number of the column's own (width) for every value. */
  SparseMatrix columnwise(float[] numbers) {
    float[] own = new float[size()];
    for (int i = 0; i < own.length; i++) {
      own[i] = numbers[columns[i]];
    }
    return with(own);
  }

  /** This with other values, one for each. */
  SparseMatrix with(float[] others) {
    return new SparseMatrix(width, starts, columns, others);
  }

  @Override
  public double times(int row, double[] vector) {
    double sum = 0;
    int end = starts[row + 1];
    for (int i = starts[row]; i < end; i++) {
      sum += values[i] * vector[columns[i]];
    }
    return sum;
  }

  @Override
  public void addTo(double[] vector, int row, double t) {
    int end = starts[row + 1];
    for (int i = starts[row]; i < end; i++) {
      vector[columns[i]] += t * values[i];
    }
  }

  @Override
  public double square(int row) {
    double sum = 0;
    for (int i = starts[row]; i < starts[row + 1]; i++) {
      sum += (double) values[i] * values[i];
    }
    return sum;
  }

  /** For each column the sum over rows of what each weighs, where its value is not zero. */
  double[] present(int[] rows, IntToDoubleFunction weight) {
    double[] sums = new double[width];
    for (int row : rows) {
      double own = weight.applyAsDouble(row);
      for (int i = starts[row]; i < starts[row + 1]; i++) {
        if (values[i] != 0) {
          sums[columns[i]] += own;
        }
      }
    }
    return sums;
  }

  /** Takes rows one after another, and puts them together at the end. */
  static final class Builder {
    private final int width;
    private final List<int[]> columns;
    private final List<float[]> values;
    private final int[] starts;

    Builder(int rows, int width) {
      this.width = width;
      this.columns = new ArrayList<>(rows);
      this.values = new ArrayList<>(rows);
      this.starts = new int[rows + 1];
    }

    /**
     * @param own ascending
     * @throws UlmfitException (bad data) if there are more than some 2^31 values
     */
    void add(int[] own, float[] ownValues) {
      long end = (long) starts[columns.size()] + own.length;
      if (end > MOST) {
        throw UlmfitException.badData(
            Shown.format(
                "the first %,d documents have more than %,d different n-grams, each counted in"
                    + " each of them; ask for shorter n-grams or those of more documents",
                columns.size() + 1, MOST));
      }
      columns.add(own);
      values.add(ownValues);
      starts[columns.size()] = (int) end;
    }

    /** The matrix of as many rows as were announced; what was added is given up. */
    SparseMatrix matrix() {
      int size = starts[starts.length - 1];
      int[] allColumns = new int[size];
      for (int row = 0; row < columns.size(); row++) {
        int[] own = columns.get(row);
        System.arraycopy(own, 0, allColumns, starts[row], own.length);
      }
      columns.clear(); // before the values need as much again
      float[] allValues = new float[size];
      for (int row = 0; row < values.size(); row++) {
        float[] own = values.get(row);
        System.arraycopy(own, 0, allValues, starts[row], own.length);
      }
      values.clear();
      return new SparseMatrix(width, starts, allColumns, allValues);
    }
  }
}
