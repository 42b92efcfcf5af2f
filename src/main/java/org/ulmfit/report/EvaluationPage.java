package org.ulmfit.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.train.Scores;

/** {@code report.html} of an evaluation. */
public final class EvaluationPage {
  private EvaluationPage() {}

  /**
   * Writes the page.
   *
   * @param file whose folder is there
   * @param model as it was given
   * @param corpus as it was given
   * @param command that measures it again
   * @param scores of at least one row
   * @param mistakes surest errors among them with their texts; none: they are not to be told
   * @throws org.ulmfit.UlmfitException if it cannot be written
   */
  public static void write(
      Path file,
      String model,
      String corpus,
      String command,
      Scores scores,
      List<Mistake> mistakes) {
    String origin =
        Html.facts("What was asked", List.of(List.of("model", model), List.of("corpus", corpus)));
    ScorePage page = Objects.requireNonNull(ScorePage.of(scores, mistakes)); // it has rows
    String body =
        page.facts()
            + Html.section("What was measured on what", origin)
            + page.sections()
            + Html.section("Make it again", Html.code(command));
    AtomicFiles.writeString(file, Html.page("Evaluation: " + corpus, body));
  }
}
