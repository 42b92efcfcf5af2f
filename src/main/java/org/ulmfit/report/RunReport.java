package org.ulmfit.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.train.Scores;
import org.ulmfit.train.TrainingListener;

/**
 * The report of a run, made from its {@code log.jsonl}: {@code RUN/report/report.md}, {@code
 * report.html}, {@code metrics.json} and the curves.
 */
public final class RunReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What was written.
   *
   * @param report {@code RUN/report/report.md}
   * @param advice lines on what the run teaches for the next one, which the report has too
   */
  public record Written(Path report, List<String> advice) {}

  private RunReport() {}

  /**
   * Writes the report of a run.
   *
   * @return the page that says most, and what the run teaches for the next one
   * @throws UlmfitException if the log cannot be read or the report not be written
   */
  public static Written write(Path run, String title, Answers answers) {
    Scores scores = answers.scores();
    TemperatureTables tempered = TemperatureTables.of(answers.gain());
    ScoreTables test = scores == null ? null : new ScoreTables(scores);
    RunHistory history = RunHistory.read(run.resolve("log.jsonl"));
    List<String> advice = Advice.of(history).stream().toList();
    history.advice().addAll(Advice.spikes(history)); // told as they happened
    history.advice().addAll(advice);
    Path dir = run.resolve("report");
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      throw UlmfitException.failure(dir + ": cannot be made: " + UlmfitException.reason(e), e);
    }
    boolean trained = !history.steps().isEmpty() && !history.epochs().isEmpty();
    boolean curves = trained && draw(history, dir);
    AtomicFiles.writeString(
        dir.resolve("metrics.json"), metrics(history, test, tempered).toPrettyString() + "\n");
    Path report = dir.resolve("report.md");
    AtomicFiles.writeString(report, markdown(title, history, test, tempered, scores, curves));
    AtomicFiles.writeString(
        dir.resolve("report.html"), new RunPage(run, title, history, answers).html());
    return new Written(report, advice);
  }

  /** Whether it can be drawn: programs may go without the library, machines without fonts. */
  private static boolean draw(RunHistory history, Path dir) {
    try {
      Curves.write(history, dir);
      return true;
    } catch (UlmfitException e) {
      throw e;
    } catch (LinkageError | InternalError | RuntimeException e) { // Java may find no fonts
      return false;
    }
  }

  static ObjectNode metrics(
      RunHistory history, @Nullable ScoreTables test, @Nullable TemperatureTables tempered) {
    ObjectNode node = JSON.createObjectNode();
    boolean languageModel = history.languageModel();
    node.put("trainLossIs", history.trainLoss());
    node.put("accuracyIs", history.accuracyName());
    ArrayNode epochs = node.putArray("epochs");
    for (TrainingListener.Epoch epoch : history.epochs()) {
      ObjectNode row =
          epochs
              .addObject()
              .put("phase", epoch.phase() + 1)
              .put("epoch", epoch.epoch() + 1)
              .put("trainLoss", epoch.trainLoss())
              .put("validLoss", epoch.validation().loss())
              .put("accuracy", epoch.validation().accuracy());
      if (languageModel) {
        row.put("perplexity", epoch.perplexity());
      } else {
        row.put("macroF1", epoch.validation().macroF1());
      }
      row.put("tokens", epoch.tokens())
          .put("seconds", epoch.seconds())
          .put("validationSeconds", epoch.validationSeconds());
    }
    if (test != null) {
      node.set("test", test.node());
    }
    if (tempered != null) {
      node.set("calibration", tempered.node());
    }
    return node;
  }

  private static String markdown(
      String title,
      RunHistory history,
      @Nullable ScoreTables test,
      @Nullable TemperatureTables tempered,
      @Nullable Scores scores,
      boolean curves) {
    StringBuilder text = new StringBuilder("# " + title + "\n\n");
    if (test != null) {
      text.append("## Held-out rows\n\n").append(test.markdown()).append('\n');
    }
    if (tempered != null) {
      text.append("## Calibration\n\n").append(tempered.markdown()).append('\n');
    }
    if (scores != null) {
      LengthPart lengths = new LengthPart(scores);
      if (!lengths.isEmpty()) {
        text.append("## " + LengthPart.HEADING + "\n\n").append(lengths.caption()).append(".\n\n");
        text.append(lengths.table().markdown()).append('\n');
      }
    }
    RunTables tables = new RunTables(history);
    if (!history.phases().isEmpty()) { // a solver has none
      text.append("## Phases\n\n").append(tables.phases().markdown());
      text.append("\n## Epochs\n\n").append(tables.epochs().markdown()).append('\n');
    }
    if (curves) {
      text.append("![Loss](loss.png)\n\n");
      if (!history.languageModel()) {
        text.append("![Accuracy](accuracy.png)\n\n");
      }
      text.append("![Learning rate](learning-rate.png)\n\n");
    }
    if (tables.hasGroups()) {
      text.append("## Layer groups\n\n").append(tables.groups().markdown()).append('\n');
    }
    if (!tables.seconds().isEmpty()) {
      text.append("## Time\n\n").append(tables.time().markdown()).append('\n');
    }
    List<String> notes =
        Stream.concat(history.notes().stream(), history.advice().stream()).toList();
    if (!notes.isEmpty()) {
      text.append("## Notes\n\n");
      notes.forEach(
          note -> text.append("- ").append(Shown.markdown(Shown.escaped(note))).append('\n'));
      text.append('\n');
    }
    String command = history.told(RunHistory.Fact.COMMAND, "command");
    if (!command.isEmpty()) {
      text.append("Made by:\n\n    ").append(Shown.escaped(command)).append("\n\n");
    }
    text.append("The recipe is in `../recipe.yaml`, every step in `../log.jsonl`.\n");
    return text.toString();
  }
}
