package org.ulmfit.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.ClassifierBuilder;
import org.ulmfit.TrainedClassifier;
import org.ulmfit.TrainedLanguageModel;
import org.ulmfit.Ulmfit;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Sums;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.train.Calibration;
import org.ulmfit.train.Scores;

/** Models with a temperature, from training to the answers of an ensemble. */
class CalibratedModelTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] LABELS = {"bad", "good", "plain"};
  private static final String[][] TELLING = {
    {"dull", "broken", "rude"}, {"lovely", "bright", "kind"}, {"grey", "usual", "fair"}
  };

  @TempDir Path dir;

  /** Every fourth row has another label than its words say: too sure is wrong. */
  private static List<Document> documents(int n, long seed, boolean several) {
    Random random = new Random(seed);
    List<Document> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int label = i % 3;
      StringBuilder text = new StringBuilder("the film number ").append(random.nextInt(60));
      for (int w = 0; w < 3; w++) {
        text.append(' ').append(TELLING[label][random.nextInt(3)]);
      }
      int said = random.nextInt(4) == 0 ? random.nextInt(3) : label;
      boolean both = several && random.nextInt(3) == 0 && said != 2;
      all.add(
          both
              ? Document.of(text.toString(), List.of(LABELS[said], LABELS[2]))
              : Document.of(text.toString(), LABELS[said]));
    }
    return all;
  }

  private static Corpus valid(boolean several) {
    return Corpus.of(documents(240, 2, several));
  }

  private static Corpus test(boolean several) {
    return Corpus.of(documents(150, 3, several));
  }

  private static ClassifierBuilder ngrams(boolean several) {
    return on(Corpus.of(documents(150, 1, several))
            .withValid(valid(several))
            .withTest(test(several)))
        .recipe("ngram-lr")
        .set("ngrams.strengths", "[1000]");
  }

  private static ClassifierBuilder on(Corpus corpus) {
    return Ulmfit.classifier(corpus).set("vocab.minFreq", 1);
  }

  private static ClassifierBuilder network() {
    return on(Corpus.of(documents(150, 1, false)).withValid(valid(false)).withTest(test(false)))
        .recipe("mean-embedding")
        .device("cpu")
        .set("precision", "fp32")
        .set("network.embeddingSize", 8)
        .set("classifier.batchSize", 8)
        .set("classifier.patience", 0)
        .set("checkpoint.best", "none")
        .set(
            "classifier.stages",
            "[{freezeTo: 0, epochs: 8, rates: {lr: 5.0e-2}, schedule: {kind: constant}}]");
  }

  private Path run(String name) {
    return dir.resolve(name);
  }

  private static ModelConfig config(Path run) {
    return ModelConfig.of(ModelFolder.open(run, "classifier"));
  }

  private static JsonNode metrics(Path run) throws IOException {
    return JSON.readTree(run.resolve("classifier/metrics.json").toFile());
  }

  private static Scores evaluated(Path run, Corpus corpus) {
    try (TextClassifier classifier = TextClassifier.load(run, "cpu", null)) {
      return classifier.evaluate(corpus);
    }
  }

  private static List<Prediction> answers(Path model, List<Document> documents) {
    try (TextClassifier classifier = TextClassifier.load(model, "cpu", null)) {
      return classifier.predict(documents.stream().map(d -> d.fields().get(0)).toList());
    }
  }

  /** What the run wrote is what the saved model is measured at. */
  private static void assertSameFigures(TrainedClassifier trained, Path run, boolean several)
      throws IOException {
    String loss = several ? "loss" : "logLoss";
    JsonNode metrics = metrics(run);
    Scores valid = evaluated(run, valid(several));
    Scores test = evaluated(run, test(several));
    assertEquals(trained.valid(), valid.evaluation());
    assertEquals(valid.loss(), metrics.get("valid." + loss).doubleValue());
    assertEquals(test.loss(), metrics.get("test." + loss).doubleValue());
    test.figures()
        .forEach(
            (name, value) -> assertEquals(value, metrics.get("test." + name).doubleValue(), name));
    assertEquals(
        Calibration.of(test).error(), metrics.get("test.expectedCalibrationError").doubleValue());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void itIsSavedAndMakesTheProbabilitiesOfRowsThatItWasNotChosenOnBetter(boolean several)
      throws IOException {
    TrainedClassifier trained = ngrams(several).into(run("on"));
    TrainedClassifier plain = ngrams(several).set("classifier.calibrate", false).into(run("off"));
    Double temperature = config(run("on")).temperature();
    assertNotNull(temperature);
    assertTrue(temperature > 1.2, "strong features of noisy rows are too sure: " + temperature);
    assertNull(config(run("off")).temperature());
    assertSameFigures(trained, run("on"), several);

    String loss = several ? "loss" : "logLoss";
    JsonNode metrics = metrics(run("on"));
    Scores before = evaluated(run("off"), test(several));
    assertEquals(temperature, metrics.get("temperature").doubleValue());
    assertEquals(before.loss(), metrics.get("test.uncalibrated." + loss).doubleValue(), 1e-12);
    assertEquals(
        Calibration.of(before).error(),
        metrics.get("test.uncalibrated.expectedCalibrationError").doubleValue(),
        1e-12);
    assertEquals(
        plain.valid().loss(),
        metrics.get("valid.heldOut.uncalibrated." + loss).doubleValue(),
        1e-12);
    for (String rows : List.of("valid.heldOut.", "test.")) {
      for (String figure : List.of(loss, "expectedCalibrationError")) {
        assertTrue(
            metrics.get(rows + figure).doubleValue()
                < metrics.get(rows + "uncalibrated." + figure).doubleValue(),
            rows + figure);
      }
    }
    String card = Files.readString(run("on").resolve("classifier/README.md"));
    assertTrue(card.contains("divided by a temperature, %.3f".formatted(temperature)), card);
    String log = Files.readString(run("on").resolve("log.jsonl"));
    assertTrue(log.contains("temperature %.3f: log loss of".formatted(temperature)), log);
    assertFalse(Files.readString(run("off").resolve("log.jsonl")).contains("temperature"));
    JsonNode report = JSON.readTree(run("on").resolve("report/metrics.json").toFile());
    assertEquals(temperature, report.at("/calibration/temperature").doubleValue());
    assertEquals(metrics.get("test." + loss), report.at("/calibration/test/after/logLoss"));
    String text = Files.readString(run("on").resolve("report/report.md"));
    assertTrue(text.contains("| validation, held out | "), text);
    String page = Files.readString(run("on").resolve("report/report.html"));
    assertTrue(page.contains("What the temperature changes"));
  }

  @Test
  void answersOfOneLabelStayAndLogitsAreDividedOnce() {
    ngrams(false).into(run("on"));
    ngrams(false).set("classifier.calibrate", false).into(run("off"));
    double temperature = config(run("on")).divisor();
    List<Document> rows = documents(100, 7, false);
    List<Prediction> calibrated = answers(run("on"), rows);
    List<Prediction> plain = answers(run("off"), rows);
    for (int row = 0; row < plain.size(); row++) {
      assertEquals(plain.get(row).labels(), calibrated.get(row).labels());
      float[] expected = plain.get(row).logits().clone();
      for (int c = 0; c < expected.length; c++) {
        expected[c] = (float) (expected[c] / temperature);
      }
      assertArrayEquals(expected, calibrated.get(row).logits());
    }
  }

  @Test
  void anEnsembleAveragesProbabilitiesAtTheTemperatureOfEachMember() {
    ngrams(false).into(run("one"));
    ngrams(false).set("ngrams.high", 1).set("ngrams.strengths", "[100]").into(run("two"));
    assertNotEquals(config(run("one")).divisor(), config(run("two")).divisor());
    List<Document> rows = documents(30, 8, false);
    Path both = Ulmfit.ensemble(List.of(run("one"), run("two"))).into(dir.resolve("both")).folder();
    List<Prediction> together = answers(both, rows);
    List<Prediction> one = answers(run("one"), rows);
    List<Prediction> two = answers(run("two"), rows);
    for (int row = 0; row < rows.size(); row++) {
      Map<String, Double> first = one.get(row).probabilities();
      Map<String, Double> second = two.get(row).probabilities();
      together
          .get(row)
          .probabilities()
          .forEach((label, p) -> assertEquals((first.get(label) + second.get(label)) / 2, p, 1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anExplanationIsOfTheOddsThatAreAnswered(boolean together) {
    ngrams(false).into(run("one"));
    ngrams(false).set("ngrams.strengths", "[100]").into(run("two"));
    Path model =
        together
            ? Ulmfit.ensemble(List.of(run("one"), run("two"))).into(dir.resolve("both")).folder()
            : run("one");
    try (TextClassifier classifier = TextClassifier.load(model, "cpu", null)) {
      Explanation explanation = classifier.explain("the film number 3 rude usual dull");
      double p = explanation.probability();
      assertEquals(Math.log(p / (1 - p)), explanation.logOdds(), 1e-3);
      assertEquals(0, explanation.gap(), 1e-2);
    }
  }

  @Test
  void fewRowsChooseNoneAndItIsSaid() throws IOException {
    on(Corpus.of(documents(150, 1, false)).withValid(Corpus.of(documents(199, 2, false))))
        .recipe("ngram-lr")
        .set("ngrams.strengths", "[1000]")
        .into(run("few"));
    assertNull(config(run("few")).temperature());
    assertFalse(metrics(run("few")).has("temperature"));
    String log = Files.readString(run("few").resolve("log.jsonl"));
    assertTrue(
        log.contains("temperature 1: 199 validation rows are too few to choose one, it takes 200"),
        log);
  }

  @Test
  @Tag("engine")
  void aNetworkIsMeasuredAsItIsSaved() throws IOException {
    TrainedClassifier trained = network().into(run("network"));
    assertNotNull(config(run("network")).temperature());
    assertSameFigures(trained, run("network"), false);
    TrainedClassifier watching =
        network().set("classifier.validateOn", "test").into(run("watching"));
    assertEquals(config(run("network")).temperature(), config(run("watching")).temperature());
    assertEquals(watching.test().orElseThrow().evaluation(), watching.valid());
    assertEquals(evaluated(run("watching"), test(false)).evaluation(), watching.valid());
  }

  /** Weights are what goes on; the new model has a temperature of its own, or none. */
  @Test
  @Tag("engine")
  void aClassifierThatGoesOnLeavesItsTemperatureBehind() throws IOException {
    Corpus corpus = Corpus.of(documents(60, 1, false));
    TrainedLanguageModel lm =
        Ulmfit.languageModel(corpus)
            .fromScratch()
            .device("cpu")
            .set("precision", "fp32")
            .set("model.embeddingSize", 12)
            .set("model.hiddenSize", 16)
            .set("vocab.minFreq", 1)
            .set("lm.batchSize", 4)
            .set("lm.bptt", 10)
            .set("lm.stages.0.epochs", 1)
            .into(run("lm"));
    goesOn(Ulmfit.classifier(corpus).encoder(lm)).into(run("first"));
    Path model = run("first").resolve("classifier");
    goesOn(Ulmfit.classifier(corpus).from(model)).into(run("plain"));
    Files.writeString(
        model.resolve("config.json"), config(run("first")).withTemperature(3.0).json());
    Sums.renew(model);
    goesOn(Ulmfit.classifier(corpus).from(model)).into(run("tempered"));
    assertNull(config(run("tempered")).temperature());
    String weights = "classifier/model.safetensors";
    assertEquals(
        -1, Files.mismatch(run("plain").resolve(weights), run("tempered").resolve(weights)));
  }

  private static ClassifierBuilder goesOn(ClassifierBuilder classifier) {
    return classifier
        .device("cpu")
        .set("precision", "fp32")
        .set("classifier.batchSize", 4)
        .set(
            "classifier.stages",
            "[{freezeTo: -1, epochs: 1, rates: {lr: 1.0e-3}, schedule: {kind: constant}}]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1.5", "1e999", "0.001", "\"hot\"", "[1]"})
  void whatIsNoTemperatureIsRefused(String bad) throws IOException {
    ngrams(false).into(run("model"));
    Path model = run("model").resolve("classifier");
    Path config = model.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replaceFirst("\"temperature\" : [0-9.]+", "\"temperature\" : " + bad));
    Sums.renew(model);
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> TextClassifier.load(model, "cpu", null));
    assertEquals(UlmfitException.Kind.BAD_MODEL, e.kind(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
  }
}
