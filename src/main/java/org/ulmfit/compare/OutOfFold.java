package org.ulmfit.compare;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What was found on the training rows, each answered by a model that was not trained on it.
 *
 * @param folds of each fold that has rows
 * @param seconds that their trainings took
 * @param share of its recipe's epochs that the fold had that had fewest; null: all had all
 */
record OutOfFold(List<Entry.Figures> folds, double seconds, @Nullable Double share) {
  OutOfFold {
    folds = List.copyOf(folds);
  }

  double mean(ToDoubleFunction<Entry.Figures> figure) {
    return folds.stream().mapToDouble(figure).average().orElse(0);
  }

  /** Standard deviation of the sample; 0 of a single fold. */
  double deviation(ToDoubleFunction<Entry.Figures> figure) {
    double mean = mean(figure);
    double sum = folds.stream().mapToDouble(f -> Math.pow(figure.applyAsDouble(f) - mean, 2)).sum();
    return folds.size() < 2 ? 0 : Math.sqrt(sum / (folds.size() - 1));
  }
}
