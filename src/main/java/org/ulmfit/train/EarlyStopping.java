package org.ulmfit.train;

import org.ulmfit.config.Recipe;

/**
 * Which epoch is the best, and when a phase has had enough of them.
 *
 * @param by the figure of the validation rows that decides
 * @param patience epochs in a row that may be no better than the phase's best; 0 = any number
 */
public record EarlyStopping(Recipe.BestBy by, int patience) {

  /** The lowest loss is the best, and no phase ends early. */
  public static final EarlyStopping NONE = new EarlyStopping(Recipe.BestBy.LOSS, 0);

  /** What is to be as low as can be: the loss, or what an accuracy or macro F1 lacks of 1. */
  double lack(Evaluation evaluation) {
    return switch (by) {
      case LOSS -> evaluation.loss();
      case ACCURACY -> 1 - evaluation.accuracy();
      case MACRO_F1 -> evaluation.macroF1() == null ? evaluation.loss() : 1 - evaluation.macroF1();
    };
  }

  /** {@code highest macro F1}, as far as the evaluation has one. */
  String best(Evaluation evaluation) {
    return switch (by) {
      case LOSS -> "lowest validation loss";
      case ACCURACY -> "highest validation accuracy";
      case MACRO_F1 ->
          evaluation.macroF1() == null ? "lowest validation loss" : "highest validation macro F1";
    };
  }

  boolean ends(Position at) {
    return patience > 0 && at.epochsSinceBest() >= patience;
  }
}
