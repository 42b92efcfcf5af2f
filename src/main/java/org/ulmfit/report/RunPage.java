package org.ulmfit.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ulmfit.UlmfitException;

/** {@code report.html} of a run: one file that can be sent to a colleague. */
final class RunPage {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path run;
  private final String title;
  private final RunHistory history;
  private final Answers answers;

  RunPage(Path run, String title, RunHistory history, Answers answers) {
    this.run = run;
    this.title = title;
    this.history = history;
    this.answers = answers;
  }

  String html() {
    StringBuilder body = new StringBuilder();
    ScorePage page = ScorePage.of(answers.scores(), answers.mistakes());
    TemperatureTables tempered = TemperatureTables.of(answers.gain());
    if (page != null) {
      body.append(page.facts());
    }
    if (!history.advice().isEmpty()) {
      body.append(Html.section("What to try next", Html.list(history.advice())));
    }
    body.append(Html.section("What was trained on what", origin()));
    if (page != null) {
      body.append(page.sections());
    }
    if (tempered != null) {
      body.append(Html.section("What the temperature changes", tempered.html()));
    }
    body.append(new CoursePage(history).sections());
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

  /** How the run is made again. */
  private String again() {
    String command = history.told(RunHistory.Fact.COMMAND, "command");
    String byRecipe = history.told(RunHistory.Fact.COMMAND, "byRecipe");
    StringBuilder html = new StringBuilder();
    if (command.isEmpty()) {
      html.append(Html.paragraph(byProgram()));
    } else {
      html.append(Html.paragraph("The command that made it:")).append(Html.code(command));
    }
    if (!byRecipe.isEmpty()) {
      html.append(
          Html.paragraph(
              "The same with all that was settled for it, whatever a later version's defaults are:"));
      html.append(Html.code(byRecipe));
    }
    return html + Html.folded("recipe.yaml", Html.code(recipe()));
  }

  private String byProgram() {
    JsonNode provenance = model("provenance.json");
    String version = provenance.path("ulmfit").asText();
    String commit = provenance.path("commit").asText();
    return "A program made it"
        + (version.isEmpty() ? "" : " with ulmfit " + version)
        + (commit.isEmpty() ? "" : " (commit " + commit + ")")
        + ": give the builder the same corpus and the run's recipe.yaml, which follows, as"
        + " recipe(Path).";
  }

  private String recipe() {
    Path recipe = run.resolve("recipe.yaml");
    try {
      return Files.exists(recipe) ? Files.readString(recipe) : "";
    } catch (IOException e) {
      throw UlmfitException.cannotRead(recipe, e);
    }
  }
}
