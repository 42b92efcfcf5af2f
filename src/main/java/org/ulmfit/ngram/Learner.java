package org.ulmfit.ngram;

import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;

/**
 * A way to learn a linear model of the rows of a matrix. What it makes does not depend on threads.
 *
 * @param <X> the matrix
 * @param <M> the model
 */
public sealed interface Learner<X, M extends LinearModel<X>> permits NgramLearner, DenseRegression {

  /** What has become of the work where a learner is stopped. */
  String STOPPED = "while weights were learned; nothing was written";

  /**
   * What is learned before the weights, of some rows: the idf of n-grams, or their ratios.
   *
   * @param <M> the model
   */
  interface Fit<M> {
    /**
     * The model at a strength.
     *
     * @param strength C, what a row's loss costs, as in scikit-learn; above 0
     * @throws UlmfitException (interrupted) if stopped
     */
    M at(double strength, Stop stop);

    /** A way through several strengths, to choose one. */
    default Path<M> path() {
      return this::at;
    }
  }

  /**
   * Models at ever greater strengths. Where there are many regressions each begins where the last
   * one ended and goes no further than answers need; others are those of {@link Fit#at}.
   *
   * @param <M> the model
   */
  interface Path<M> {
    /** The model at the next strength. */
    M next(double strength, Stop stop);
  }

  /**
   * Begins to learn.
   *
   * @param x (rows, columns)
   * @param truth of all rows of them
   * @param rows which to learn on; the others are not looked at
   */
  Fit<M> on(X x, Truth truth, int[] rows);
}
