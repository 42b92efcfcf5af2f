package org.ulmfit.ngram;

import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;

/** A way to learn a linear model of counted n-grams. What it makes does not depend on threads. */
public sealed interface NgramLearner permits TfIdfRegression, NaiveBayesSvm {

  /** What has become of the work where a learner is stopped. */
  String STOPPED = "while weights were learned; nothing was written";

  /** What is learned before the weights, of some rows: the idf of n-grams, or their ratios. */
  interface Fit {
    /**
     * The model at a strength.
     *
     * @param strength C, what a row's loss costs, as in scikit-learn; above 0
     * @throws UlmfitException (interrupted) if stopped
     */
    NgramModel at(double strength, Stop stop);

    /** A way through several strengths, to choose one. */
    default Path path() {
      return this::at;
    }
  }

  /**
   * Models at ever greater strengths. Where there are many regressions each begins where the last
   * one ended and goes no further than answers need; others are those of {@link Fit#at}.
   */
  interface Path {
    /** The model at the next strength. */
    NgramModel next(double strength, Stop stop);
  }

  /**
   * Begins to learn.
   *
   * @param counts (documents, columns) of {@link Ngrams#counts}
   * @param truth of all rows of them
   * @param rows which to learn on; the others are not looked at
   */
  Fit on(SparseMatrix counts, Truth truth, int[] rows);

  /**
   * TF-IDF and L2-regularised logistic regression: on all classes at once where a row has one of
   * more than two, otherwise a regression for each output.
   *
   * @param sublinear whether a count c weighs 1 + ln c
   * @param weights (labels) of the rows' losses, as {@link #naiveBayesSvm}'s; null: 1
   */
  static NgramLearner regression(
      boolean sublinear, float @Nullable [] weights, SolverSettings settings) {
    return new TfIdfRegression(sublinear, weights, settings);
  }

  /**
   * Whether an n-gram occurs, times its naive-Bayes ratio, and an L2-regularised linear support
   * vector machine with squared hinge loss for each output (Wang and Manning 2012).
   *
   * @param beta share of the machine's weights; the rest is the ratios times the weights' mean
   *     magnitude. Above 0 to 1
   * @param weights (labels) of the rows' losses: with one of two labels a row, that label's;
   *     otherwise, in each label's own machine, those of the rows that have it. null: 1
   * @throws UlmfitException (usage) if beta is out of range
   */
  static NgramLearner naiveBayesSvm(
      double beta, float @Nullable [] weights, SolverSettings settings) {
    if (!(beta > 0 && beta <= 1)) {
      throw UlmfitException.usage("interpolation " + beta + ": it is above 0 and at most 1");
    }
    return new NaiveBayesSvm(beta, weights, settings);
  }
}
