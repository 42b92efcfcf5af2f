package org.ulmfit.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Scores;
import org.ulmfit.train.TrainingListener;

/** {@code report.html} of a run: one file that can be sent to a colleague. */
final class RunPage {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path run;
  private final String title;
  private final RunHistory history;
  private final @Nullable Scores scores;
  private final @Nullable TemperatureTables tempered;

  RunPage(
      Path run,
      String title,
      RunHistory history,
      @Nullable Scores scores,
      @Nullable TemperatureTables tempered) {
    this.run = run;
    this.title = title;
    this.history = history;
    this.scores = scores;
    this.tempered = tempered;
  }

  String html() {
    StringBuilder body = new StringBuilder();
    Scores tested = scores;
    ScorePage page = tested == null || tested.rows() == 0 ? null : new ScorePage(tested);
    if (page != null) {
      body.append(page.facts());
    }
    body.append(Html.section("What was trained on what", origin()));
    if (page != null) {
      body.append(page.sections());
    }
    if (tempered != null) {
      body.append(Html.section("What the temperature changes", tempered.html()));
    }
    if (!history.steps().isEmpty()) {
      body.append(Html.section("Training", training()));
      body.append(Html.section("Rates", rates()));
      body.append(Html.section("Time", time()));
    }
    if (!history.notes().isEmpty()) {
      body.append(Html.section("Notes of the run", Html.list(history.notes())));
    }
    body.append(Html.section("Make it again", again()));
    String corpus = model("provenance.json").at("/data/corpus").asText();
    return Html.page(corpus.isEmpty() ? title : title + ": " + corpus, body.toString());
  }

  private String origin() {
    JsonNode provenance = model("provenance.json");
    List<List<String>> data = new ArrayList<>();
    String family = model("config.json").path("family").asText();
    if (!family.isEmpty()) {
      data.add(List.of("family", family));
    }
    data.addAll(values(provenance.path("data")));
    return (data.isEmpty()
            ? Html.paragraph("The run's model says nothing of its data.")
            : Html.facts("The model and its data", data))
        + Html.folded("What computed it", Html.facts("From provenance.json", values(provenance)));
  }

  /** Names and values of an object, nested ones aside. */
  private static List<List<String>> values(JsonNode node) {
    List<List<String>> rows = new ArrayList<>();
    node.properties()
        .forEach(
            entry -> {
              JsonNode value = entry.getValue();
              if (value.isValueNode()) {
                rows.add(List.of(entry.getKey(), value.asText()));
              } else if (value.isArray()) {
                List<String> parts = new ArrayList<>();
                value.forEach(part -> parts.add(part.asText()));
                rows.add(List.of(entry.getKey(), String.join("; ", parts)));
              }
            });
    return rows;
  }

  /** What a file of the run's model says; an empty object if there is none. */
  private JsonNode model(String name) {
    for (String kind : List.of("classifier", "lm")) {
      Path file = run.resolve(kind).resolve(name);
      if (Files.exists(file)) {
        try {
          return JSON.readTree(file.toFile());
        } catch (IOException e) {
          throw UlmfitException.cannotRead(file, e);
        }
      }
    }
    return JSON.createObjectNode();
  }

  private String training() {
    double[] steps = history.steps().stream().mapToDouble(s -> s.globalStep()).toArray();
    double[] losses = history.steps().stream().mapToDouble(s -> s.smoothedLoss()).toArray();
    Chart loss =
        new Chart("Loss", "step", "nats")
            .line(
                history.trainLoss() + ", smoothed",
                RunHistory.means(steps),
                RunHistory.means(losses))
            .marked("validation loss", marks(), atEpochs(Evaluation::loss));
    StringBuilder html = new StringBuilder(epochs()).append(loss.html());
    if (!history.languageModel()) {
      Chart accuracy =
          new Chart("Validation", "step", "share")
              .marked(history.accuracyName(), marks(), atEpochs(Evaluation::accuracy))
              .marked(
                  "macro F1",
                  marks(),
                  atEpochs(e -> Objects.requireNonNullElse(e.macroF1(), Double.NaN)));
      html.append(accuracy.html());
    }
    return html.toString();
  }

  private double[] marks() {
    return history.marks().stream().mapToDouble(Long::doubleValue).toArray();
  }

  private double[] atEpochs(ToDoubleFunction<Evaluation> figure) {
    return history.epochs().stream()
        .mapToDouble(epoch -> figure.applyAsDouble(epoch.validation()))
        .toArray();
  }

  private String epochs() {
    boolean lm = history.languageModel();
    List<String> head =
        List.of(
            "phase, epoch",
            history.trainLoss(),
            "valid loss",
            history.accuracyName(),
            lm ? "perplexity" : "macro F1");
    List<List<String>> rows = new ArrayList<>();
    for (TrainingListener.Epoch epoch : history.epochs()) {
      Double macroF1 = epoch.validation().macroF1();
      rows.add(
          List.of(
              (epoch.phase() + 1) + ", " + (epoch.epoch() + 1),
              fixed(epoch.trainLoss(), 4),
              fixed(epoch.validation().loss(), 4),
              fixed(epoch.validation().accuracy(), 4),
              lm ? fixed(epoch.perplexity(), 2) : macroF1 == null ? "-" : fixed(macroF1, 4)));
    }
    return Html.table("Epochs", head, rows);
  }

  /** Which layer groups were trained when, and how fast. */
  private String rates() {
    double[] steps = history.steps().stream().mapToDouble(s -> s.globalStep()).toArray();
    double[] rates = history.steps().stream().mapToDouble(s -> s.rate()).toArray();
    double[] moms = history.steps().stream().mapToDouble(s -> s.beta1()).toArray();
    Chart rate =
        new Chart("Learning rate of the last layer group", "step", "rate")
            .line("rate", RunHistory.means(steps), RunHistory.means(rates))
            .fromZero();
    Chart momentum =
        new Chart("Momentum (beta1)", "step", "beta1")
            .line("beta1", RunHistory.means(steps), RunHistory.means(moms));
    List<List<String>> rows = new ArrayList<>();
    for (TrainingListener.PhaseStart phase : history.phases()) {
      rows.add(
          List.of(
              Integer.toString(phase.phase() + 1),
              frozen(phase.freezeTo()),
              phase.epochsText(),
              String.format(Locale.ROOT, "%,d", phase.steps())));
    }
    return Html.table("Phases", List.of("phase", "layer groups trained", "epochs", "steps"), rows)
        + rate.html()
        + momentum.html();
  }

  private static String frozen(int freezeTo) {
    return freezeTo == 0
        ? "all"
        : freezeTo < 0 ? "the last " + -freezeTo : "from number " + (freezeTo + 1) + " on";
  }

  private String time() {
    List<List<String>> rows = new ArrayList<>();
    for (TrainingListener.Epoch epoch : history.epochs()) {
      rows.add(
          List.of(
              (epoch.phase() + 1) + ", " + (epoch.epoch() + 1),
              fixed(epoch.seconds(), 1),
              fixed(epoch.validationSeconds(), 1),
              String.format(
                  Locale.ROOT, "%,.0f", epoch.tokens() / Math.max(1e-9, epoch.seconds()))));
    }
    double slowest =
        history.steps().stream().mapToDouble(TrainingListener.Step::seconds).max().orElse(0);
    return Html.table(
            "Seconds of each epoch",
            List.of("phase, epoch", "training", "validation", "tokens/s"),
            rows)
        + Html.paragraph("The slowest step took " + fixed(slowest, 2) + " seconds.");
  }

  private String again() {
    Path recipe = run.resolve("recipe.yaml");
    try {
      String yaml = Files.exists(recipe) ? Files.readString(recipe) : "";
      return Html.paragraph(
              "The recipe as it was settled, to be given with --config; the corpus and its options are"
                  + " above.")
          + Html.folded("recipe.yaml", Html.code(yaml));
    } catch (IOException e) {
      throw UlmfitException.cannotRead(recipe, e);
    }
  }

  private static String fixed(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
