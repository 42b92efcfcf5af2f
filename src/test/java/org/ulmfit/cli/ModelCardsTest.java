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
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.CardParts;
import org.ulmfit.Example;

/** The cards of what the commands write. */
@Tag("engine")
class ModelCardsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static TinyRun.Output run;

  @TempDir Path dir;

  @BeforeAll
  static void train() {
    run = TinyRun.get();
  }

  /** The first words of reviews, whose text must not be in a card. */
  private static void holdsNoText(CardParts card) throws IOException {
    for (String line : SampleReviews.lines("train").lines().limit(50).toList()) {
      String text = JSON.readTree(line).get("text").textValue();
      assertFalse(card.text().contains(text.substring(0, 25)), text);
    }
  }

  private static double metric(Path folder, String key) throws IOException {
    return JSON.readTree(folder.resolve("metrics.json").toFile()).get(key).asDouble();
  }

  @Test
  void aLanguageModelsCard() throws IOException {
    Path folder = run.lm().resolve("lm");
    CardParts card = CardParts.of(folder);
    assertEquals("text-generation", card.header().get("pipeline_tag"));
    Map<String, Object> result = card.results().get(0);
    assertEquals(
        Map.of("type", "unknown", "name", "reviews.jsonl", "split", "valid"),
        result.get("dataset"));
    assertEquals(metric(folder, "after.perplexity"), CardParts.metric(result, "perplexity"), 5e-5);
    assertTrue(card.code("sh").contains("ulmfit generate MODEL"));
    JsonNode config = JSON.readTree(folder.resolve("config.json").toFile());
    String words = config.at("/architecture/vocabularySize").asText();
    assertTrue(card.text().contains("vocabulary " + words), card.text());
    holdsNoText(card);
  }

  @Test
  void anEncodersCardHasNoResultsOfItsOwn() {
    CardParts card = CardParts.of(run.lm().resolve("encoder"));
    assertEquals("feature-extraction", card.header().get("pipeline_tag"));
    assertEquals(List.of(), card.results());
    assertTrue(card.section("Metrics").get(1).contains("language model"), card.text());
    assertFalse(card.code("sh").contains("generate"), "it predicts no words");
  }

  @Test
  void aClassifiersCard() throws IOException {
    Path folder = run.classifier().resolve("classifier");
    CardParts card = CardParts.of(folder);
    assertEquals("text-classification", card.header().get("pipeline_tag"));
    assertEquals(2, card.results().size());
    assertEquals(
        metric(folder, "test.accuracy"), CardParts.metric(card.results().get(0), "accuracy"), 5e-5);
    assertEquals(
        metric(folder, "valid.macroF1"), CardParts.metric(card.results().get(1), "macro F1"), 5e-5);
    assertTrue(
        card.section("Data").stream().anyMatch(line -> line.startsWith("| neg | 112 | 13 | 75 | ")),
        card.text());
    assertTrue(
        card.section("Licence")
            .contains("and of what it started from (lm-run), and write yours into the field"),
        card.text());
    holdsNoText(card);
  }

  @Test
  void anEnsemblesCardTellsOfItsMembers() throws IOException {
    Path ngrams = dir.resolve("ngrams");
    Cli.run("classify", "" + run.corpus(), "--family=ngram-lr", "--out=" + ngrams).ok();
    CardParts member = CardParts.of(ngrams.resolve("classifier"));
    assertEquals(List.of("ulmfit", "ngram-lr", "java"), member.header().get("tags"));
    Path mean = dir.resolve("mean");
    Cli.run("ensemble", "" + run.classifier(), "" + ngrams, "--out=" + mean).ok();
    CardParts card = CardParts.of(mean);
    assertEquals(List.of(), card.results());
    assertEquals(
        new TreeSet<>(List.of("ulmfit", "ensemble", "awd-lstm", "ngram-lr", "java")),
        new TreeSet<>((List<?>) card.header().get("tags")));
    assertEquals(2, card.section("Members").stream().filter(l -> l.startsWith("- ")).count());
    Path stacked = dir.resolve("stacked");
    Cli.run(
            "ensemble",
            "" + run.classifier(),
            "" + ngrams,
            "--stack=" + run.test(),
            "--out=" + stacked)
        .ok();
    Map<String, Object> result = CardParts.of(stacked).results().get(0);
    assertEquals(
        metric(stacked, "stack.crossFitted.accuracy"), CardParts.metric(result, "accuracy"), 5e-5);
    assertTrue(
        ("" + ((Map<?, ?>) result.get("dataset")).get("name")).startsWith("150 rows of "),
        result.toString());
  }

  /** A licence can be written into it, by hand or on a hub's page. */
  @Test
  void aCardMayBeEdited() throws IOException {
    Path model = dir.resolve("model");
    Cli.run("classify", "" + run.corpus(), "--family=ngram-lr", "--out=" + model).ok();
    Path file = model.resolve("classifier/README.md");
    String before = Files.readString(file);
    Files.writeString(file, before.replace("license: unknown", "license: mit"));
    assertEquals(
        1, Cli.run("a good film\n".getBytes("UTF-8"), "predict", "" + model).ok().lines().size());
    Files.writeString(model.resolve("classifier/metrics.json"), "{}");
    Cli.run("a good film\n".getBytes("UTF-8"), "predict", "" + model).error(4);
  }

  @Test
  void whatItSaysOfLoadingCompilesAndRuns() throws Exception {
    Path classifier = run.classifier().resolve("classifier");
    String java = CardParts.of(classifier).code("java");
    String out = Example.run(dir, java.replace("\"MODEL\"", Example.quoted(classifier)));
    assertTrue(out.strip().matches("neg|pos"), out);
    for (String kind : List.of("lm", "encoder")) {
      Example.compile(dir, CardParts.of(run.lm().resolve(kind)).code("java"));
    }
  }
}
