package org.ulmfit.ngram;

import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/** A way to learn a linear model of counted n-grams: of {@link Ngrams#counts}. */
public sealed interface NgramLearner extends Learner<SparseMatrix, NgramModel>
    permits TfIdfRegression, NaiveBayesSvm {

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
