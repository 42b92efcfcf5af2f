package org.ulmfit.classifier;

import java.nio.file.Path;
import java.util.List;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.report.Mistake;
import org.ulmfit.run.Work;
import org.ulmfit.train.Scores;
import org.ulmfit.vocab.TokenStore;

/** The surest errors of the model that a run has saved. */
final class SavedMistakes {
  private SavedMistakes() {}

  /**
   * Those on rows, with what their words weigh.
   *
   * @param dir the saved model's
   * @param scores its answers on the rows
   */
  static List<Mistake> of(Path dir, Scores scores, TokenStore rows, Work.Reporting reporting) {
    ModelFolder folder = ModelFolder.open(dir, "classifier");
    try (SavedModel model = SavedModel.of(folder, folder.labels(), "cpu", "fp32", null)) {
      Mistakes.Weigher weigher =
          (row, words, groups, label) -> {
            if (reporting.stop().requested() || model.answers(words) > Mistakes.DEAREST) {
              return null;
            }
            Target odds = Target.logOdds(model.config().labelling(), label);
            return model.explain(rows.ids(row), groups, odds).tokens();
          };
      return new Mistakes(model.config(), model.vocab())
          .of(scores, rows::ids, weigher, reporting.notes());
    }
  }
}
