package org.ulmfit.ngram;

import java.util.List;
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
     * The models at several strengths.
     *
     * @param strengths values of C, what a row's loss costs, as in scikit-learn; above 0
     * @throws UlmfitException (interrupted) if stopped
     */
    List<M> at(List<Double> strengths, Stop stop);
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
