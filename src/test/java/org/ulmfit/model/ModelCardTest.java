package org.ulmfit.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.CardParts;
import org.ulmfit.Example;
import org.ulmfit.Labelling;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Scores;
import org.ulmfit.vocab.Vocab;

class ModelCardTest {
  private static final List<String> HOSTILE =
      List.of(
          "a: b",
          "# no heading",
          "\"double\"",
          "'single'",
          "two\nlines",
          "<script>alert(1)</script>",
          "---",
          "- item",
          "| cell |",
          "`code`",
          "[link](javascript:alert(1))",
          "*",
          "no",
          "&amp;",
          "![x](http://x)",
          "```\n## Data\n```",
          "{}",
          "");

  @TempDir Path dir;

  private static ModelConfig config(Labelling labelling, int labels, String language) {
    Recipe recipe =
        Recipes.load(null, language.isEmpty() ? List.of() : List.of("text.language=" + language));
    List<Double> thresholds =
        labelling == Labelling.MULTI ? Collections.nCopies(labels, 0.5) : null;
    return ModelConfig.classifier(
        "ngram-lr",
        "forward",
        new NgramSizes(1, 2, labels, false, null),
        null,
        recipe,
        labelling,
        thresholds,
        null);
  }

  /** Three rows a label, of which the last is taken for the next label. */
  private static Scores scores(Labelling labelling, List<String> labels) {
    int n = labels.size();
    int[][] truth = new int[3 * n][];
    int[][] answers = new int[3 * n][];
    float[][] probabilities = new float[3 * n][n];
    for (int row = 0; row < truth.length; row++) {
      truth[row] = new int[] {row / 3};
      answers[row] = new int[] {row % 3 == 2 ? (row / 3 + 1) % n : row / 3};
      probabilities[row][answers[row][0]] = 1;
    }
    List<String> ids = IntStream.range(0, truth.length).mapToObj(row -> "id" + row).toList();
    return new Scores(
        "test", labelling, labels, ids, truth, probabilities, answers, 0.5, new int[0]);
  }

  private static Evidence.Split split(String name, int labels) {
    List<Long> counts = IntStream.range(0, labels).mapToObj(i -> 10L + i).toList();
    return new Evidence.Split(name, 10 * labels, 1000, counts, 12, 40, 70, 0.125);
  }

  private CardParts card(Labelling labelling, List<String> labels, String corpus, String language)
      throws IOException {
    Evidence evidence =
        new Evidence(
            List.of(split("train", labels.size()), split("valid", labels.size())),
            List.of(Evidence.Result.of(scores(labelling, labels))));
    ModelCard card =
        new ModelCard(
            config(labelling, labels.size(), language),
            Vocab.of(List.of("xxunk", "xxpad", "слово", "предложение")),
            labels,
            Map.of("corpus", corpus),
            evidence,
            1234);
    Files.write(dir.resolve("model.safetensors"), new byte[5_000]);
    return CardParts.of(card.markdown(dir));
  }

  @Test
  void theHeaderIsWhatTheHubAsksFor() throws IOException {
    CardParts card = card(Labelling.SINGLE, List.of("neg", "pos"), "reviews.csv", "no");
    assertEquals("text-classification", card.header().get("pipeline_tag"));
    assertEquals("unknown", card.header().get("license"));
    assertEquals("no", card.header().get("language"), "Norwegian, not false");
    assertEquals(List.of("ulmfit", "ngram-lr", "java"), card.header().get("tags"));
    Map<String, Object> result = card.results().get(0);
    assertEquals(Map.of("type", "text-classification"), result.get("task"));
    assertEquals(
        Map.of("type", "unknown", "name", "reviews.csv", "split", "test"), result.get("dataset"));
    assertEquals(0.6667, CardParts.metric(result, "accuracy"));
    assertEquals(0.6667, CardParts.metric(result, "macro F1"));
    assertEquals(0.3333, CardParts.metric(result, "Matthews correlation"));
  }

  @Test
  void severalLabelsHaveTheirOwnFigures() throws IOException {
    CardParts card = card(Labelling.MULTI, List.of("a", "b", "c"), "rows.jsonl", "");
    assertFalse(card.header().containsKey("language"));
    assertTrue(((List<?>) card.header().get("tags")).contains("multi-label-classification"));
    assertEquals(0.6667, CardParts.metric(card.results().get(0), "subset accuracy"));
    assertTrue(card.text().contains("| mean average precision |"), card.text());
    assertTrue(card.code("java").contains(".labels()"), "there may be none");
  }

  @Test
  void figuresStandWithTheirIntervals() throws IOException {
    CardParts card = card(Labelling.SINGLE, List.of("neg", "pos"), "reviews.csv", "");
    // statsmodels 0.14: proportion_confint(4, 6, method="wilson")
    assertTrue(
        card.section("Metrics").contains("| test | 6 | accuracy | 0.6667 | 0.3000 to 0.9032 |"),
        card.text());
    assertTrue(
        card.section("Metrics").stream()
            .anyMatch(
                line -> line.matches("\\| test \\| 6 \\| macro F1 \\| 0.6667 \\| 0.\\d{4} to .*")));
    // proportion_confint(2, 3, method="wilson")
    String neg = "| neg | 10 | 10 | 0.667 (0.208-0.939) | 0.667 (0.208-0.939) | 0.667 (";
    assertTrue(card.section("Data").stream().anyMatch(line -> line.startsWith(neg)), card.text());
  }

  @Test
  void dataSizesAndLimitsAreTold() throws IOException {
    CardParts card = card(Labelling.SINGLE, List.of("neg", "pos"), "reviews.csv", "");
    assertTrue(card.section("Data").contains("| train | 20 | 1,000 | 12 | 40 | 70 | 12.5% |"));
    assertTrue(card.section("Sizes").contains("- parameters: 1,234"));
    assertTrue(
        card.section("Sizes").contains("- files: 5.0 kB (`model.safetensors` 5.0 kB)"),
        card.text());
    String limits = String.join(" ", card.section("Limits"));
    assertTrue(limits.contains("Most letters of its vocabulary are Cyrillic."), limits);
    assertTrue(limits.contains("no more than 12 tokens, the longest 70"), limits);
    assertTrue(limits.contains("12.5% are unknown to it"), limits);
    assertFalse(limits.contains("uneven") || limits.contains("no part in training"), limits);
  }

  @Test
  void whatWasNotTestedOrIsUnevenIsTold() throws IOException {
    Evidence.Split train =
        new Evidence.Split("train", 110, 900, List.of(100L, 10L), 8, 20, 30, null);
    Evidence evidence =
        new Evidence(
            List.of(train),
            List.of(
                Evidence.Result.of("valid", Labelling.SINGLE, new Evaluation(0.4, 0.75, 0.7, 40))));
    String card =
        new ModelCard(
                config(Labelling.SINGLE, 2, ""),
                Vocab.of(List.of("xxunk", "xxpad")),
                List.of("a", "b"),
                Map.of("corpus", "c", "encoder", "lm-run", "input", List.of("/home/me/c")),
                evidence,
                1)
            .markdown(dir);
    assertTrue(card.contains("the rarest has 10 texts to train on, the commonest 100"), card);
    assertTrue(card.contains("Not measured: rows that had no part in training."), card);
    assertTrue(card.contains("| valid | 40 | accuracy | 0.7500 | 0.5981 to 0.8581 |"), card);
    assertTrue(card.contains("what it started from (lm-run)"), card);
    assertFalse(card.contains("/home/me"), "paths of a machine are nobody's business");
  }

  @Test
  void hostileNamesChangeNeitherHeaderNorText() throws IOException {
    CardParts plain =
        card(
            Labelling.SINGLE,
            IntStream.range(0, HOSTILE.size()).mapToObj(i -> "label" + i).toList(),
            "reviews.csv",
            "");
    for (String corpus : HOSTILE) {
      CardParts card = card(Labelling.SINGLE, HOSTILE, corpus, "");
      assertEquals(plain.header().keySet(), card.header().keySet());
      Map<?, ?> dataset = (Map<?, ?>) card.results().get(0).get("dataset");
      assertEquals(corpus.replace("\n", "\\n"), dataset.get("name"));
      assertEquals(headings(plain), headings(card));
      assertEquals(plain.text().lines().count(), card.text().lines().count());
      String bare = card.text().replaceAll("\\\\.", "");
      assertFalse(bare.contains("<script"), bare);
      assertFalse(bare.contains("]("), bare);
      assertEquals(plain.code("java"), card.code("java"));
    }
  }

  private static List<String> headings(CardParts card) {
    return card.text().lines().filter(line -> line.startsWith("#")).toList();
  }

  @Test
  void aThousandLabelsFitAPage() throws IOException {
    List<String> labels = new ArrayList<>();
    IntStream.range(0, 1000).forEach(i -> labels.add("a label of some length, number " + i));
    CardParts card = card(Labelling.SINGLE, labels, "many.csv", "");
    int bytes = card.text().getBytes(StandardCharsets.UTF_8).length;
    assertTrue(bytes < 40_000, "" + bytes);
    assertTrue(card.text().contains("and 800 more"), card.text());
    assertTrue(card.section("Data").contains("The 100 with most texts to train on."));
    assertTrue(
        card.section("Data").stream()
            .anyMatch(line -> line.startsWith("| a label of some length, number 999 |")));
  }

  @Test
  void aFigureWithoutValueIsNoMetric() {
    Evidence.Result result =
        new Evidence.Result("test", 3, List.of(Figure.of("loss", Double.NaN, null)), List.of());
    String header =
        new CardHeader(
                "A title", null, "text-classification", List.of("ulmfit"), "d", List.of(result))
            .yaml();
    assertEquals(List.of(), CardParts.of(header).results().get(0).get("metrics"));
  }

  @Test
  void theCodeCompilesForRowsOfSeveralColumnsAndSeveralLabels() throws IOException {
    for (Labelling labelling : Labelling.values()) {
      for (int fields = 1; fields <= 3; fields++) {
        CardParts use = new CardParts(Map.of(), CardUse.classifier(labelling, fields));
        Example.compile(dir, use.code("java"));
        assertEquals(fields > 1, use.code("java").contains("predictFields"));
      }
    }
  }
}
