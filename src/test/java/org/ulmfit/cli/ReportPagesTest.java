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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.report.Html;

/** The pages that training and {@code evaluate --report} write. */
@Tag("engine")
class ReportPagesTest {
  private static TinyRun.Output run;

  @TempDir Path dir;

  @BeforeAll
  static void train() {
    run = TinyRun.get();
  }

  @Test
  void everyRunHasItsPage() throws IOException {
    String classifier = Files.readString(run.classifier().resolve("report/report.html"));
    for (String part :
        List.of("<title>Classifier: ", "Label by label", "awd-lstm", "Loss", "recipe.yaml")) {
      assertTrue(classifier.contains(part), part);
    }
    String lm = Files.readString(run.lm().resolve("report/report.html"));
    assertTrue(lm.contains("<title>Language model: "), lm);
    assertTrue(lm.contains("perplexity"), lm);
    assertFalse(lm.contains("Label by label"), lm);
  }

  @Test
  void thePageTellsHowTheRunIsMadeAgain() throws IOException {
    Path out = dir.resolve("it's <run>");
    Cli.run(
            "classify",
            "" + run.corpus(),
            "--family=ngram-nbsvm",
            "--set=ngrams.high=1",
            "--seed=7",
            "--out=" + out)
        .ok();
    JsonNode told =
        new ObjectMapper().readTree(Files.readAllLines(out.resolve("log.jsonl")).get(0));
    String byRecipe = told.path("byRecipe").asText();
    String page = Files.readString(out.resolve("report/report.html"));
    assertTrue(page.contains("<pre>" + Html.text(told.path("command").asText())), page);
    assertTrue(page.contains("<pre>" + Html.text(byRecipe) + "</pre>"), page);
    assertTrue(page.contains("fitting: "), page);
    assertFalse(page.contains("<run>"), page);
    Path again = Path.of(out + "-again");
    String expected =
        "ulmfit classify %s --family=ngram-nbsvm --config %s --out %s"
            .formatted(run.corpus(), quoted(out + "/recipe.yaml"), quoted("" + again));
    assertEquals(expected, byRecipe);
    Cli.run(
            "classify",
            "" + run.corpus(),
            "--family=ngram-nbsvm",
            "--config",
            out + "/recipe.yaml",
            "--out",
            "" + again)
        .ok();
    for (String file : List.of("recipe.yaml", "classifier/model.safetensors")) {
      assertEquals(-1, Files.mismatch(out.resolve(file), again.resolve(file)), file);
    }
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  @Test
  void aTrainedClassifiersPageTellsOfItsLayerGroupsAndTimes() throws IOException {
    String page = Files.readString(run.classifier().resolve("report/report.html"));
    for (String part :
        List.of(
            "phase 2, epochs 2-3",
            "<th scope=\"row\">lstm 1</th>",
            ">frozen</td>",
            "reading and preparing the texts: ",
            "measuring held-out rows: ",
            "--encoder=",
            "/recipe.yaml --out ",
            "tokens: ")) {
      assertTrue(page.contains(part), part);
    }
  }

  @Test
  void anEvaluationWritesItsPageWhereItIsAsked() throws IOException {
    Path out = dir.resolve("page");
    String[] command = {
      "evaluate", "" + run.classifier(), "" + run.test(), "--report=" + out, "--device=cpu"
    };
    Cli.Output told = Cli.run(command).ok();
    assertTrue(told.err().contains("report: " + out.resolve("report.html")), told.err());
    String page = Files.readString(out.resolve("report.html"));
    assertTrue(page.contains("Evaluation: " + run.test().toString().replace("'", "&#39;")), page);
    assertTrue(page.contains("150"), page);
    assertTrue(page.contains("<pre>ulmfit evaluate " + run.classifier()), page);
    assertTrue(page.contains("Short and long texts"), page);
    assertTrue(Cli.run(command).error(2).contains("is there; replace it with --overwrite"));
    assertEquals(0, Cli.run(Cli.and(List.of("--overwrite"), command)).code());
    String line =
        Cli.run("evaluate", "" + run.lm(), "" + run.test(), "--report=" + dir.resolve("lm"))
            .error(2);
    assertTrue(line.contains("not a classifier"), line);
    assertFalse(Files.exists(dir.resolve("lm")));
  }

  /** Each of some errors once, as the text it is, with the words that spoke for it. */
  @Test
  void theSurestErrorsAreToldWithTheirWordsUnlessTextsAreToStayOut() throws IOException {
    String page = Files.readString(run.classifier().resolve("report/report.html"));
    assertEquals(6, count(page, "<p class=\"marked\">"), page);
    assertTrue(count(page, " m4\">") >= 6, page); // the strongest word of each
    assertEquals(6, count(page, "<li>for it: "), page);
    List<String> texts =
        page.lines().filter(line -> line.startsWith("<p class=\"marked\">")).toList();
    assertFalse(texts.toString().contains("xx"), texts.toString());

    String[] evaluate = {"evaluate", "" + run.classifier(), "" + run.test(), "--device=cpu"};
    String pairs = "--report=" + dir.resolve("pairs");
    Cli.run("evaluate", "" + TinyEnsemble.get().ensemble(), "" + run.test(), pairs).ok();
    Cli.run(Cli.and(List.of("--report=" + dir.resolve("with")), evaluate)).ok();
    Cli.run(Cli.and(List.of("--report=" + dir.resolve("out"), "--no-texts"), evaluate)).ok();
    for (String told : List.of("with", "pairs")) {
      String evaluated = Files.readString(dir.resolve(told).resolve("report.html"));
      assertEquals(6, count(evaluated, "<p class=\"marked\">"), evaluated);
      assertEquals(6, count(evaluated, "<li>for it: "), evaluated);
    }
    String without = Files.readString(dir.resolve("out").resolve("report.html"));
    assertTrue(without.contains("gave the true label the least probability"), without);
    assertEquals(0, count(without, "<p class=\"marked\">"), without);
  }

  @Test
  void aRunWithoutTextsHasNoneInItsReport() throws IOException {
    Path out = dir.resolve("run");
    String[] classify = {
      "classify", "" + run.corpus(), "--test=" + run.test(), "--family=ngram-nbsvm", "--out=" + out
    };
    Cli.run(Cli.and(List.of("--no-texts"), classify)).ok();
    String page = Files.readString(out.resolve("report/report.html"));
    assertEquals(0, count(page, "<p class=\"marked\">"), page);
    assertTrue(page.contains("--no-texts"), page); // so made again
    Cli.run(Cli.and(List.of("--overwrite"), classify)).ok();
    page = Files.readString(out.resolve("report/report.html"));
    assertEquals(6, count(page, "<p class=\"marked\">"), page);
    assertEquals(6, count(page, "<li>for it: "), page);
  }

  private static int count(String text, String part) {
    return (text.length() - text.replace(part, "").length()) / part.length();
  }
}
