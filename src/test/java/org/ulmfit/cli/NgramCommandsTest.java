package org.ulmfit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.TrainedClassifier;
import org.ulmfit.Ulmfit;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;
import org.ulmfit.io.Sums;
import org.ulmfit.predict.Explained;
import org.ulmfit.predict.TextClassifier;

/** The families on n-grams, from the command line and from Java. */
class NgramCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path dir;

  private Cli.Output fit(String family, Path out, String... more) {
    List<String> options = new ArrayList<>(List.of("--family=" + family, "--out=" + out));
    options.addAll(List.of(more));
    TinyRun.Output reviews = TinyRun.get();
    return Cli.run(Cli.and(options, "classify", "" + reviews.corpus(), "--test=" + reviews.test()));
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ngram-lr", "ngram-nbsvm"})
  void aModelThatNeedsNoEncoderIsFittedSavedAndReadAgain(String family) throws IOException {
    Path run = dir.resolve("run");
    Cli.Output fitted = fit(family, run).ok();
    assertTrue(fitted.err().contains("n-grams of 1 to 2 tokens: "), fitted.err());
    assertTrue(fitted.err().contains("strength: C = "), fitted.err());
    JsonNode config = json(run.resolve("classifier/config.json"));
    assertEquals(family, config.get("family").asText());
    assertFalse(config.has("architecture"));
    JsonNode metrics = json(run.resolve("classifier/metrics.json"));
    assertTrue(metrics.get("test.accuracy").asDouble() > .75, metrics.toString());
    assertTrue(metrics.get("test.logLoss").asDouble() < Math.log(2), metrics.toString());
    String report = Files.readString(run.resolve("report/report.md"));
    assertTrue(report.contains("- strength: C = "), report);
    assertFalse(report.contains("## Epochs"), report);

    Path moved = Files.move(run.resolve("classifier"), dir.resolve("moved"));
    JsonNode again =
        JSON.readTree(
            Cli.run("evaluate", "" + moved, "" + TinyRun.get().test(), "--json").ok().out());
    for (String figure : List.of("accuracy", "macroF1", "logLoss")) {
      assertEquals(metrics.get("test." + figure).asDouble(), again.get(figure).asDouble(), 1e-12);
    }
    Cli.Output answer =
        Cli.run("a wonderful film\n".getBytes(UTF_8), "predict", "" + moved, "-").ok();
    assertEquals("pos", JSON.readTree(answer.out()).get("label").asText());
    Explained.assertAccountsForAnswers(moved, 1e-3);
  }

  @Test
  void theSameRunTwiceHasTheSameBytes() throws IOException {
    fit("ngram-nbsvm", dir.resolve("a")).ok();
    fit("ngram-nbsvm", dir.resolve("b")).ok();
    assertArrayEquals(
        Files.readAllBytes(dir.resolve("a/classifier/model.safetensors")),
        Files.readAllBytes(dir.resolve("b/classifier/model.safetensors")));
  }

  @Test
  void severalLabels() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      List<String> labels = new ArrayList<>();
      if (i % 2 == 0) {
        labels.add("\"cold\"");
      }
      if (i % 3 == 0) {
        labels.add("\"late\"");
      }
      String text = (i % 2 == 0 ? "an icy meal " : "a meal ") + (i % 3 == 0 ? "an hour on " : "");
      lines.add("{\"text\":\"" + text + i % 7 + "\",\"labels\":" + labels + "}");
    }
    Path corpus = Files.write(dir.resolve("a.jsonl"), lines);
    for (String family : List.of("ngram-lr", "ngram-nbsvm")) {
      Path run = dir.resolve(family);
      Cli.run("classify", "" + corpus, "--family=" + family, "--out=" + run).ok();
      JsonNode metrics = json(run.resolve("classifier/metrics.json"));
      assertEquals(1, metrics.get("valid.subsetAccuracy").asDouble(), family);
      assertEquals(2, json(run.resolve("classifier/config.json")).get("thresholds").size());
      String text = "an icy meal an hour on\n";
      Cli.Output answer = Cli.run(text.getBytes(UTF_8), "predict", "" + run, "-").ok();
      assertEquals(2, JSON.readTree(answer.out()).get("labels").size(), answer.out());
    }
  }

  @Test
  void itJoinsANetworkInAnEnsemble() throws IOException {
    Path run = dir.resolve("run");
    fit("ngram-lr", run).ok();
    Path both = dir.resolve("both");
    String network = "" + TinyRun.get().classifier();
    Cli.run("ensemble", "" + run, network, "--out=" + both).ok();
    JsonNode mean = first(both);
    double of =
        (first(run).get("pos").asDouble() + first(Path.of(network)).get("pos").asDouble()) / 2;
    assertEquals(of, mean.get("pos").asDouble(), 1e-6);
    assertTrue(Files.readString(both.resolve("README.md")).contains("forward ngram-lr, tokenizer"));
  }

  private static JsonNode first(Path model) throws IOException {
    Cli.Output answer = Cli.run("good but long\n".getBytes(UTF_8), "predict", "" + model, "-").ok();
    return JSON.readTree(answer.out()).get("probabilities");
  }

  @Test
  void whatItCannotDoIsOneLine() throws IOException {
    Path run = dir.resolve("run");
    fit("ngram-nbsvm", run).ok();
    String corpus = "" + TinyRun.get().corpus();
    String out = "--out=" + dir.resolve("out");
    assertTrue(fit("ngram-lr", run).error(2).contains("--overwrite"));
    fit("ngram-lr", run, "--overwrite").ok();
    assertTrue(fit("ngram-lr", run, "--resume").error(2).contains("this run is complete"));
    String line = fit("ngram-lr", dir.resolve("out"), "--encoder=" + TinyRun.get().lm()).error(2);
    assertTrue(line.contains("--encoder: the family ngram-lr starts from the texts alone"), line);
    line = Cli.run("classify", corpus, out).error(2);
    assertTrue(line.contains("--encoder RUN or --from RUN is missing"), line);
    line = Cli.run("classify", corpus, "--from=" + run, out).error(4);
    assertTrue(line.contains("which does not go on; fit it again on all rows"), line);
    line = Cli.run("export", "" + run, "--format=fastai", out).error(2);
    assertTrue(line.contains("has no network to export; copy its folder"), line);
    for (String format : List.of("torchscript", "onnx")) {
      line = Cli.run("export", "" + run, "--format=" + format, out).error(2);
      assertTrue(line.contains("no network on token ids to export; copy its folder"), line);
    }
    line = fit("ngram-lr", dir.resolve("out"), "--set=ngrams.low=3").error(2);
    assertTrue(line.contains("ngrams.low 3 is above ngrams.high 2"), line);
    line = fit("ngram-lr", dir.resolve("rare"), "--set=ngrams.minDocuments=100000").error(3);
    assertTrue(line.contains("no n-gram of 1 to 2 tokens occurs in 100,000"), line);
    assertFalse(Files.exists(dir.resolve("out")));
    List<String> plan = fit("ngram-lr", dir.resolve("out"), "--dry-run").ok().lines();
    assertTrue(plan.get(0).startsWith("train: "), plan.toString());
    assertFalse(Files.exists(dir.resolve("out")));
  }

  @Test
  void whatItDoesNotReadIsRefused() throws IOException {
    Path out = dir.resolve("out");
    String line = fit("ngram-lr", out, "--set=classifier.dropMult=0.3").error(2);
    assertTrue(
        line.endsWith(
            "--set classifier.dropMult=0.3: ngram-lr does not read classifier.dropMult, which is for"
                + " awd-lstm; leave it out"),
        line);
    line = fit("ngram-lr", out, "--set=ngrams.interpolation=0.5").error(2);
    assertTrue(line.contains("which is for ngram-nbsvm"), line);
    line = fit("ngram-lr", out, "--set=classifier.stages.0.epochs=2").error(2);
    assertTrue(line.contains("does not read classifier.stages, "), line);
    line = fit("ngram-lr", out, "--set=remap={zeroIsMissing: true, aliasSpecials: false}").error(2);
    assertTrue(line.contains("does not read remap, "), line);
    line = fit("ngram-lr", out, "--precision=bf16").error(2);
    assertTrue(
        line.contains("--precision bf16: ngram-lr computes without the engine, on the CPU"), line);
    line = fit("ngram-lr", out, "--device=cuda:0").error(2);
    assertTrue(line.contains("--device cuda:0: ngram-lr computes without the engine"), line);
    line = fit("ngram-lr", out, "--threads=2").error(2);
    assertTrue(line.contains("--threads 2: ngram-lr computes without the engine"), line);

    Path recipe = dir.resolve("my.yaml");
    Files.writeString(recipe, "classifier:\n  classWeights: balanced\n  headSize: 60\n");
    line = fit("ngram-lr", out, "--config=" + recipe).error(2);
    assertTrue(line.contains("my.yaml, line 3: ngram-lr does not read classifier.headSize"), line);
    TinyRun.Output reviews = TinyRun.get();
    line =
        Cli.run(
                "classify",
                "" + reviews.corpus(),
                "--encoder=" + reviews.lm(),
                "--out=" + out,
                "--set=ngrams.high=3")
            .error(2);
    assertTrue(
        line.contains("awd-lstm does not read ngrams.high, which is for ngram-lr, ngram-nbsvm"),
        line);
    assertFalse(Files.exists(out));
    UlmfitException refused =
        assertThrows(
            UlmfitException.class,
            () ->
                Ulmfit.classifier(Corpus.at(reviews.corpus()))
                    .recipe("ngram-lr")
                    .set("classifier.headSize", 3)
                    .plan());
    assertTrue(refused.getMessage().contains("does not read classifier.headSize"));
  }

  @Test
  void ofCharacters() throws IOException {
    Path run = dir.resolve("run");
    Cli.Output told = fit("ngram-lr", run, "--ngrams=char", "--set=ngrams.high=4").ok();
    assertTrue(told.err().contains("n-grams of 2 to 4 tokens: "), told.err());
    JsonNode config = json(run.resolve("classifier/config.json"));
    assertEquals("chars", config.at("/text/tokenizer").asText());
    String yaml = Files.readString(run.resolve("recipe.yaml"));
    Path whole = dir.resolve("whole");
    String[] sets = {"--set=text.tokenizer=chars", "--set=ngrams.low=2", "--set=ngrams.high=4"};
    fit("ngram-lr", whole, sets).ok();
    assertEquals(Files.readString(whole.resolve("recipe.yaml")), yaml);

    Path out = dir.resolve("out");
    fit("ngram-lr", out, "--ngrams=word", "--dry-run").ok();
    String line = fit("ngram-lr", out, "--ngrams=chars").error(2);
    assertTrue(line.contains("'chars' is not one of word, char"), line);
    line = fit("ngram-lr", out, "--ngrams=char", "--set=text.tokenizer=icu").error(2);
    assertTrue(line.contains("--ngrams char: but text.tokenizer is icu"), line);
    line = fit("lstm", out, "--ngrams=char").error(2);
    assertTrue(line.contains("--ngrams char: lstm does not read ngrams.low, which is for"), line);
    assertFalse(Files.exists(out));
  }

  @Test
  void theRecipeOfARunIsTakenAgain() throws IOException {
    Path run = dir.resolve("run");
    fit("ngram-lr", run, "--set=ngrams.high=1").ok();
    Path again = dir.resolve("again");
    fit("ngram-lr", again, "--config=" + run.resolve("recipe.yaml"), "--device=cpu").ok();
    assertEquals(-1, Files.mismatch(run.resolve("recipe.yaml"), again.resolve("recipe.yaml")));
    Cli.Output told =
        Cli.run("good\n".getBytes(UTF_8), "predict", "" + again, "-", "--precision=bf16").ok();
    assertTrue(told.err().contains("--precision bf16 changes nothing: this model"), told.err());
  }

  @Test
  void aDamagedModelIsRefused() throws IOException {
    Path run = dir.resolve("run");
    fit("ngram-lr", run).ok();
    Path model = run.resolve("classifier");
    Path config = model.resolve("config.json");
    String whole = Files.readString(config);
    Map<String, String> damages =
        Map.of(
            "\"high\" : 2", "\"high\" : 3",
            "\"low\" : 1", "\"low\" : 2",
            "\"classes\" : 2", "\"classes\" : 3",
            "\"family\" : \"ngram-lr\"", "\"family\" : \"awd-lstm\"");
    for (Map.Entry<String, String> damage : damages.entrySet()) {
      assertTrue(whole.contains(damage.getKey()), whole);
      Files.writeString(config, whole.replace(damage.getKey(), damage.getValue()));
      Sums.renew(model);
      Cli.run("x\n".getBytes(UTF_8), "predict", "" + model, "-").error(4);
    }
  }

  @Test
  void fromJava() {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      documents.add(Document.of("a " + (i % 2 == 0 ? "fine" : "dull") + " film " + i, "" + i % 2));
    }
    TrainedClassifier trained =
        Ulmfit.classifier(Corpus.of(documents)).recipe("ngram-nbsvm").into(dir.resolve("run"));
    assertEquals(1, trained.valid().accuracy());
    try (TextClassifier classifier = trained.open("cpu")) {
      assertEquals("0", classifier.predict("what a fine film").label());
    }
    assertFalse(Ulmfit.classifier(Corpus.of(documents)).recipe("ngram-lr").plan().isEmpty());
  }
}
