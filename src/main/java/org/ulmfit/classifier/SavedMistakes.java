package org.ulmfit.classifier;

import java.nio.file.Path;
import java.util.List;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
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
    boolean[] left = {false}; // for a stop
    try (SavedModel model = open(dir)) {
      Mistakes.Weigher weigher =
          (row, words, groups, label) -> {
            left[0] |= reporting.stop().requested();
            if (left[0] || model.answers(words) > Mistakes.DEAREST) {
              return null;
            }
            Target odds = Target.logOdds(model.config().labelling(), label);
            return model.explain(rows.ids(row), groups, odds, new Stop()).tokens();
          };
      List<Mistake> mistakes =
          new Mistakes(model.config(), model.vocab())
              .of(scores, rows::ids, weigher, reporting.notes());
      if (left[0]) {
        reporting.notes().accept("the report marks no more words: a stop was asked for");
      }
      return mistakes;
    } catch (RuntimeException e) {
      reporting
          .notes()
          .accept("warning: the report shows no surest errors: " + UlmfitException.reason(e));
      return List.of();
    }
  }

  private static SavedModel open(Path dir) {
    ModelFolder folder = ModelFolder.open(dir, "classifier");
    return SavedModel.of(folder, folder.labels(), "cpu", "fp32", null);
  }
}
