package org.ulmfit.compare;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.prepare.RowFiles;
import org.ulmfit.train.BootstrapF1;
import org.ulmfit.train.Interval;

/**
 * A contestant with all that was found.
 *
 * @param trainRows it was trained on
 * @param test on the rows it is measured on
 * @param valid on the validation rows
 * @param sets overrides that a search has chosen
 * @param folds on the training rows, if they were cut into folds
 */
record Entry(
    Contestant contestant,
    int trainRows,
    Cost cost,
    Measured answers,
    Figures test,
    Figures valid,
    List<String> sets,
    @Nullable OutOfFold folds) {

  static Entry of(
      Contestant contestant,
      RowFiles rows,
      Cost cost,
      Measured answers,
      List<String> sets,
      @Nullable OutOfFold folds) {
    Integer trainRows = rows.training().get(contestant.count());
    return new Entry(
        contestant,
        trainRows == null ? 0 : trainRows,
        cost,
        answers,
        Figures.of(rows, answers.measured()),
        Figures.of(rows, answers.valid()),
        sets,
        folds);
  }

  /** When predicting, one pass over the rows it is measured on. */
  double textsPerSecond() {
    return answers.measured().rows() / Math.max(1e-9, answers.measured().seconds());
  }

  /**
   * On some rows.
   *
   * @param accuracy with several labels a row subset accuracy
   */
  record Figures(
      double accuracy, Interval accuracyInterval, double macroF1, Interval macroF1Interval) {

    static Figures of(RowFiles rows, Answers answers) {
      BootstrapF1 f1 =
          BootstrapF1.of(
              rows.labelling(), rows.labels().size(), answers.truth(), answers.predicted());
      int hits = answers.hits();
      return new Figures(
          (double) hits / answers.rows(),
          Interval.wilson(hits, answers.rows()),
          f1.macro(),
          f1.macroInterval());
    }

    /** What models are ranked and chosen by. */
    double ranked(Labelling labelling) {
      return labelling == Labelling.SINGLE ? accuracy : macroF1;
    }
  }
}
