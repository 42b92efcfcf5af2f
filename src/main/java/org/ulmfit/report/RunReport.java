package org.ulmfit.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.train.Scores;
import org.ulmfit.train.TemperatureGain;
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
   * @param scores the held-out rows scored with the finished model; null if there were none
   * @param gain what the model's temperature does; null: it has none
   * @return the page that says most, and what the run teaches for the next one
   * @throws UlmfitException if the log cannot be read or the report not be written
   */
  public static Written write(
      Path run, String title, @Nullable Scores scores, @Nullable TemperatureGain gain) {
    TemperatureTables tempered = gain == null ? null : new TemperatureTables(gain);
    ScoreTables test = scores == null ? null : new ScoreTables(scores);
    RunHistory history = RunHistory.read(run.resolve("log.jsonl"));
    Optional<String> advice = Advice.of(history);
    advice.ifPresent(history.notes()::add);
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
    AtomicFiles.writeString(report, markdown(title, history, test, tempered, curves));
    AtomicFiles.writeString(
        dir.resolve("report.html"), new RunPage(run, title, history, scores, tempered).html());
    return new Written(report, advice.stream().toList());
  }

  /** Whether the library that draws is there, with its own: embedding programs may go without. */
  private static boolean draw(RunHistory history, Path dir) {
    try {
      Curves.write(history, dir);
      return true;
    } catch (LinkageError e) {
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
      boolean curves) {
    StringBuilder text = new StringBuilder("# " + title + "\n\n");
    if (test != null) {
      text.append("## Held-out rows\n\n").append(test.markdown()).append('\n');
    }
    if (tempered != null) {
      text.append("## Calibration\n\n").append(tempered.markdown()).append('\n');
    }
    if (!history.phases().isEmpty()) { // a solver has none
      text.append("## Phases\n\n").append(phases(history)).append("\n## Epochs\n\n");
      text.append(epochs(history)).append('\n');
    }
    if (curves) {
      text.append("![Loss](loss.png)\n\n");
      if (!history.languageModel()) {
        text.append("![Accuracy](accuracy.png)\n\n");
      }
      text.append("![Learning rate](learning-rate.png)\n\n");
    }
    if (!history.notes().isEmpty()) {
      text.append("## Notes\n\n");
      history
          .notes()
          .forEach(
              note -> text.append("- ").append(Shown.markdown(Shown.escaped(note))).append('\n'));
      text.append('\n');
    }
    text.append("The recipe is in `../recipe.yaml`, every step in `../log.jsonl`.\n");
    return text.toString();
  }

  private static String phases(RunHistory history) {
    Table table = new Table("phase", "freezeTo", "epochs", "steps");
    for (TrainingListener.PhaseStart phase : history.phases()) {
      long epochs = history.epochs().stream().filter(e -> e.phase() == phase.phase()).count();
      boolean cut = epochs < Math.ceil(phase.epochs());
      table.row(
          Integer.toString(phase.phase() + 1),
          Integer.toString(phase.freezeTo()),
          (cut ? epochs + " of " : "") + phase.epochsText(),
          (cut ? "at most " : "") + phase.steps());
    }
    return table.markdown();
  }

  private static String epochs(RunHistory history) {
    boolean languageModel = history.languageModel();
    List<String> head =
        new ArrayList<>(
            List.of("phase", "epoch", history.trainLoss(), "valid loss", history.accuracyName()));
    head.addAll(languageModel ? List.of("seconds", "perplexity") : List.of("macro F1", "seconds"));
    Table table = new Table(head.toArray(String[]::new));
    for (TrainingListener.Epoch epoch : history.epochs()) {
      List<String> row = new ArrayList<>();
      row.add(Integer.toString(epoch.phase() + 1));
      row.add(Integer.toString(epoch.epoch() + 1));
      row.add(number(epoch.trainLoss(), 4));
      row.add(number(epoch.validation().loss(), 4));
      row.add(number(epoch.validation().accuracy(), 4));
      if (!languageModel) {
        Double macroF1 = epoch.validation().macroF1();
        row.add(macroF1 == null ? "-" : number(macroF1, 4));
      }
      row.add(number(epoch.seconds() + epoch.validationSeconds(), 1));
      if (languageModel) {
        row.add(number(epoch.perplexity(), 2));
      }
      table.row(row.toArray(String[]::new));
    }
    return table.markdown();
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
