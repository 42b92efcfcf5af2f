package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ulmfit ensemble}, and what the other commands do with what it makes. */
@Tag("engine")
class EnsembleCommandTest {
  private static final String TEXT = "the food was good and the room was small";

  @TempDir Path dir;

  private static String forward() {
    return "" + TinyRun.get().classifier();
  }

  private static String backward() {
    return "" + TinyEnsemble.get().backward();
  }

  private static JsonNode predicted(String model) throws IOException {
    Cli.Output output = Cli.run(TEXT, List.of("predict", model, "--device=cpu")).ok();
    return new ObjectMapper().readTree(output.out()).required("probabilities");
  }

  @Test
  void predictAnswersWithTheMean() throws IOException {
    JsonNode a = predicted(forward());
    JsonNode b = predicted(backward());
    JsonNode both = predicted("" + TinyEnsemble.get().ensemble());
    for (String label : List.of("neg", "pos")) {
      double mean = (a.required(label).doubleValue() + b.required(label).doubleValue()) / 2;
      assertEquals(mean, both.required(label).doubleValue(), 1e-6);
    }
  }

  @Test
  void evaluateMeasuresIt() {
    Cli.Output output =
        Cli.run("evaluate", "" + TinyEnsemble.get().ensemble(), "" + TinyRun.get().test()).ok();
    assertTrue(output.out().startsWith("rows: 150\n"), output.out());
  }

  @Test
  void weightsAreLearnedAndTold() throws IOException {
    Path out = dir.resolve("out");
    String rows = "" + TinyRun.get().test();
    Cli.Output output =
        Cli.run("ensemble", forward(), backward(), "--out=" + out, "--stack=" + rows).ok();
    assertEquals("ensemble: " + out, output.out().strip());
    for (String line :
        List.of(
            "on 150 rows of test.jsonl:",
            "  1-classifier-run: accuracy ",
            "  2-backward: accuracy ",
            "  mean: accuracy ",
            "  weighted, on the rows the weights were learned on: accuracy ",
            "  weighted, each row with weights learned on the other 4 of 5 parts: accuracy ",
            "weights: 1-classifier-run ")) {
      assertTrue(output.err().contains("\n" + line), line + " is not in: " + output.err());
    }
    assertTrue(Files.readString(out.resolve("config.json")).contains("\"stacking\""));
    assertTrue(Cli.run(TEXT, List.of("predict", "" + out)).ok().out().contains("\"label\""));
  }

  /** What a model was trained on speaks for it; its name is all that is known of that. */
  @Test
  void rowsOfTrainingAreWarnedOf() {
    String rows = "" + TinyRun.get().corpus();
    Path out = dir.resolve("out");
    Cli.Output output =
        Cli.run("ensemble", forward(), backward(), "--out=" + out, "--stack=" + rows).ok();
    assertTrue(
        output
            .err()
            .contains(
                "WARNING: 2-backward was trained on a corpus of the same name, reviews.jsonl"),
        output.err());
  }

  @Test
  void rowsOfOneLabelTeachNoWeights() throws IOException {
    List<String> lines =
        Files.readAllLines(TinyRun.get().test()).stream()
            .filter(l -> l.contains("\"pos\""))
            .toList();
    assertTrue(lines.size() > 20);
    Path rows = Files.write(dir.resolve("pos.jsonl"), lines);
    Path out = dir.resolve("out");
    String line =
        Cli.run("ensemble", forward(), backward(), "--out=" + out, "--stack=" + rows).error(3);
    assertTrue(line.contains("pos.jsonl: rows of one label"), line);
    assertFalse(Files.exists(out));
  }

  @Test
  void optionsOfRowsWithoutRowsAreRefused() {
    String out = "--out=" + dir.resolve("out");
    assertEquals(
        "ulmfit: --label-column: tells how the rows of --stack are read; add --stack VALID, or"
            + " leave it out",
        Cli.run("ensemble", forward(), backward(), out, "--label-column=x").error(2));
    assertFalse(Files.exists(dir.resolve("out")));
  }

  @Test
  void anExistingFolderIsReplacedOnlyIfAsked() {
    Path out = dir.resolve("out");
    String[] command = {"ensemble", forward(), backward(), "--out=" + out};
    Cli.run(command).ok();
    assertTrue(Cli.run(command).error(2).contains("exists already"));
    Cli.run(Cli.and(List.of("--overwrite"), command)).ok();
    Cli.run("ensemble", "" + out, "" + dir, "--out=" + dir.resolve("x")).error(2);
    Cli.run(TEXT, List.of("predict", "" + out)).ok();
  }

  /** It answers; it is no model to train on, and no weights to hand on. */
  @Test
  void itIsRefusedWhereOneModelIsNeeded() {
    String ensemble = "" + TinyEnsemble.get().ensemble();
    String refused =
        "ulmfit: "
            + ensemble
            + ": holds an ensemble of classifiers (kind ensemble) where one model is needed; pass"
            + " one of the models that it was made of";
    String out = "--out=" + dir.resolve("out");
    String corpus = "" + TinyRun.get().corpus();
    assertEquals(refused, Cli.run("export", ensemble, "--format=folder", out).error(4));
    assertEquals(refused, Cli.run("classify", corpus, "--encoder=" + ensemble, out).error(4));
    assertEquals(refused, Cli.run("lm-finetune", corpus, "--pretrained=" + ensemble, out).error(4));
    assertTrue(
        Cli.run("classify", corpus, "--from=" + ensemble, out)
            .error(4)
            .contains("pass one of the models that it was made of"));
  }
}
