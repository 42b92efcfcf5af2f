package org.ulmfit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ulmfit.UlmfitException;
import org.ulmfit.predict.Explained;
import org.ulmfit.predict.Explanation;
import org.ulmfit.predict.TextClassifier;

/** {@code explain}, and {@code TextClassifier.explain}, on tiny models. */
@Tag("engine")
class ExplainCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Cli.Output explain(Path model, String texts, String... options) {
    List<String> command = new ArrayList<>(List.of("explain", "" + model));
    command.addAll(List.of(options));
    return Cli.run(texts.getBytes(UTF_8), command.toArray(String[]::new));
  }

  @Test
  void anAnswerIsAccountedForByNetworksAndTheirEnsemble() {
    Explained.assertAccountsForAnswers(TinyRun.get().classifier(), .05);
    Explained.assertAccountsForAnswers(TinyEnsemble.get().ensemble(), .05);
  }

  @Test
  void aProgramAndTheCommandAreToldTheSame() throws Exception {
    String text = "a wonderful film with a boring end";
    JsonNode row =
        JSON.readTree(
            explain(TinyRun.get().classifier(), text + "\n", "--output-format=jsonl").ok().out());
    JsonNode told = row.at("/explanations/0");
    try (TextClassifier classifier = TextClassifier.load(TinyRun.get().classifier())) {
      Explanation explanation = classifier.explain(text);
      assertEquals(explanation.label(), told.get("label").asText());
      assertEquals(explanation.words().size(), told.get("words").size());
      for (int w = 0; w < explanation.words().size(); w++) {
        JsonNode word = told.get("words").get(w);
        assertEquals(explanation.words().get(w).text(), word.get("text").asText());
        assertEquals(explanation.words().get(w).start(), word.get("start").asInt());
        assertEquals(explanation.words().get(w).weight(), word.get("weight").asDouble(), 1e-4);
      }
      // of two labels what speaks for one speaks against the other
      List<Explanation> both = classifier.explainFields(List.of(text), classifier.labels());
      for (int w = 0; w < explanation.words().size(); w++) {
        double sum = both.get(0).words().get(w).weight() + both.get(1).words().get(w).weight();
        assertEquals(0, sum, 1e-3);
      }
      assertThrows(NullPointerException.class, () -> classifier.explain(null));
      assertThrows(
          UlmfitException.class, () -> classifier.explainFields(List.of("a", "b"), List.of()));
    }
  }

  @Test
  void aTextWithoutWordsHasNone() throws Exception {
    Cli.Output output =
        explain(TinyRun.get().classifier(), "a\n\nb\n", "--output-format=jsonl").ok();
    assertEquals(3, output.lines().size());
    JsonNode empty = JSON.readTree(output.lines().get(1)).at("/explanations/0");
    assertEquals(0, empty.get("words").size());
  }

  @Test
  void linesForPeopleHaveNoColoursWhereTheyArePiped() {
    Cli.Output output = explain(TinyRun.get().classifier(), "a fine \u001b[31mfilm\n").ok();
    assertFalse(output.out().contains("\u001b"), output.out());
    assertTrue(output.lines().get(1).startsWith("  log-odds "), output.out());
    assertTrue(output.out().contains("  for:     "), output.out());
    assertTrue(output.out().contains("  against: "), output.out());
  }

  @Test
  void aPageRunsNothingOfAText() {
    String hostile = "<script>alert(1)</script> & \"a\" wonderful' </p> film \u202e\n";
    String page = explain(TinyRun.get().classifier(), hostile, "--output-format=html").ok().out();
    assertFalse(page.contains("<script"), page);
    assertTrue(page.contains("&lt;"), page);
    assertFalse(page.contains("\u202e"), page);
    assertTrue(page.contains("<mark class=\"for") || page.contains("<mark class=\"against"), page);
    assertTrue(page.contains("integrated gradients"), page);
  }

  @Test
  void aLabelThatTheModelDoesNotHaveIsRefused() {
    String line = explain(TinyRun.get().classifier(), "a film\n", "--label=good").error(2);
    assertTrue(line.contains("no label 'good'; the model has neg, pos"), line);
    Cli.Output other =
        explain(TinyRun.get().classifier(), "a film\n", "--label=neg", "--label=pos");
    assertTrue(other.ok().out().contains("  neg  p "), other.out());
    assertTrue(other.out().contains("  pos  p "), other.out());
  }
}
