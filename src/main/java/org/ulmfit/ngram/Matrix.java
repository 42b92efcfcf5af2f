package org.ulmfit.ngram;

/** Rows that a linear model is learned of, however they are kept. */
interface Matrix {

  int rows();

  /** Number of columns. */
  int width();

  /** A row times a vector, of which no more than the columns' part is read. */
  double times(int row, double[] vector);

  /** Adds t times a row to a vector. */
  void addTo(double[] vector, int row, double t);

  /** A row's sum of squares. */
  double square(int row);
}
