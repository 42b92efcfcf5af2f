package org.ulmfit.ngram;

/**
 * What a {@link Learner} makes: judges rows by a margin for each output ({@link Truth#outputs}).
 *
 * @param <X> the matrix of the rows
 */
interface LinearModel<X> {

  /** The outputs' margins of a row. */
  double[] margins(X x, int row);

  /** Whether the solver ended within its tolerance, not at its last pass. */
  boolean settled();
}
