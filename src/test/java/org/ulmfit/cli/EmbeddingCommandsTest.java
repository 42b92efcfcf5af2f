package org.ulmfit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Stop;
import org.ulmfit.Ulmfit;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.embed.Encoders;
import org.ulmfit.io.Checksums;
import org.ulmfit.io.Sums;
import org.ulmfit.predict.Explained;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.train.TrainingListener;

/** The family embedding, on a sentence encoder of random weights. */
class EmbeddingCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FOLDER = "--embedder=" + Encoders.FOLDER;

  @TempDir Path dir;

  private static Cli.Output fit(Path out, String... more) {
    List<String> options = new ArrayList<>(List.of("--family=embedding", "--out=" + out));
    options.addAll(List.of("--set=embedding.overlap=4", "--set=embedding.folds=3"));
    options.addAll(List.of(more));
    TinyRun.Output reviews = TinyRun.get();
    return Cli.run(Cli.and(options, "classify", "" + reviews.corpus(), "--test=" + reviews.test()));
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  private static JsonNode answer(Path model, String text) throws IOException {
    byte[] line = (text + "\n").getBytes(UTF_8);
    return JSON.readTree(Cli.run(line, "predict", "" + model, "-").ok().out());
  }

  @Test
  void aModelIsFittedSavedAndReadAgainFromItsFolderAlone() throws IOException {
    Path encoder = Encoders.copy(dir.resolve("encoder"));
    Path run = dir.resolve("run");
    Cli.Output fitted = fit(run, "--embedder=" + encoder).ok();
    String told = fitted.err();
    assertTrue(told.contains("embedder: pooling mean (1_Pooling/config.json), norm"), told);
    assertTrue(told.contains(" texts/s"), told);
    assertTrue(told.contains("strength: C = "), told);
    JsonNode config = json(run.resolve("classifier/config.json"));
    assertEquals("embedding", config.get("family").asText());
    assertEquals("none", config.at("/text/rules").asText());
    assertEquals("tokenizer.json", config.at("/text/tokenizer").asText());
    assertEquals(8, config.at("/embedder/dimension").asInt());
    assertEquals(16, config.at("/embedder/window").asInt());
    assertFalse(Files.exists(run.resolve("checkpoints")));
    assertTrue(Files.exists(run.resolve("report/report.md")));
    JsonNode metrics = json(run.resolve("classifier/metrics.json"));
    assertTrue(metrics.get("test.accuracy").asDouble() > .5, metrics.toString());

    Path moved = Files.move(run.resolve("classifier"), dir.resolve("moved"));
    Explained.assertAccountsForAnswers(moved, 20); // what words say only together
    for (String name : List.of("model.onnx", "tokenizer.json")) {
      assertArrayEquals(
          Files.readAllBytes(Encoders.FOLDER.resolve(name)),
          Files.readAllBytes(moved.resolve(name)));
      Files.delete(encoder.resolve(name));
    }
    JsonNode again =
        JSON.readTree(
            Cli.run("evaluate", "" + moved, "" + TinyRun.get().test(), "--json").ok().out());
    for (String figure : List.of("accuracy", "macroF1", "logLoss")) {
      assertEquals(metrics.get("test." + figure).asDouble(), again.get(figure).asDouble(), 1e-6);
    }
    assertEquals(2, answer(moved, "a wonderful film").get("probabilities").size());
    assertEquals(2, answer(moved, "no 日本語 piece 🙂").get("probabilities").size());

    String line = Cli.run("export", "" + moved, "--format=fastai", "--out=x").error(2);
    assertTrue(line.contains("has no network to export"), line);
    Files.delete(moved.resolve("model.onnx"));
    line = Cli.run("predict", "" + moved, "-").error(4);
    assertTrue(line.contains("model.onnx: missing, though checksums.txt lists it"), line);
  }

  @Test
  void anEmptyTextIsAnsweredAsTheEncoderReadsIt() throws IOException {
    Path run = dir.resolve("run");
    fit(run, FOLDER).ok();
    try (TextClassifier classifier = TextClassifier.load(run)) {
      List<String> texts = List.of("good", "", "a long text ".repeat(50));
      for (int i = 0; i < texts.size(); i++) {
        assertArrayEquals(
            classifier.predict(List.of(texts.get(i))).get(0).logits(),
            classifier.predict(texts).get(i).logits(),
            1e-5f);
      }
    }
  }

  @Test
  void theSameRunTwiceHasTheSameBytesAndSoHasAJar() throws IOException {
    fit(dir.resolve("a"), FOLDER).ok();
    fit(dir.resolve("b"), FOLDER).ok();
    byte[] weights = Files.readAllBytes(dir.resolve("a/classifier/model.safetensors"));
    assertArrayEquals(weights, Files.readAllBytes(dir.resolve("b/classifier/model.safetensors")));
    Path jar = Encoders.langchain(dir.resolve("tiny.jar"), "MEAN");
    Cli.Output told = fit(dir.resolve("c"), "--embedder=" + jar, "--set=embedding.window=16").ok();
    assertTrue(told.err().contains("pooling mean (TinyEmbeddingModel.class)"), told.err());
    assertArrayEquals(weights, Files.readAllBytes(dir.resolve("c/classifier/model.safetensors")));
    assertEquals(
        Files.readString(dir.resolve("a/classifier/vocab.txt")),
        Files.readString(dir.resolve("c/classifier/vocab.txt")));
  }

  @Test
  void whatWasStoppedGoesOnWithTheVectorsItHas() throws IOException {
    Path whole = dir.resolve("whole");
    fit(whole, FOLDER).ok();
    Path run = dir.resolve("run");
    Stop stop = new Stop();
    TrainingListener stopping =
        new TrainingListener() {
          @Override
          public void note(String line) {
            if (line.startsWith("train: ")) {
              stop.request();
            }
          }
        };
    var builder =
        Ulmfit.classifier(
                Corpus.at(TinyRun.get().corpus()).withTest(Corpus.at(TinyRun.get().test())))
            .recipe("embedding")
            .set("embedding.embedder", "" + Encoders.FOLDER)
            .set("embedding.overlap", "4")
            .set("embedding.folds", "3");
    assertThrows(UlmfitException.class, () -> builder.listener(stopping).stop(stop).into(run));
    assertTrue(Files.size(run.resolve("checkpoints/embeddings.bin")) > 1000);
    Cli.Output told = fit(run, FOLDER, "--resume").ok();
    assertTrue(told.err().contains(" texts were embedded before"), told.err());
    assertTrue(told.err().contains("train: 224 texts, all embedded before"), told.err());
    assertFalse(Files.exists(run.resolve("checkpoints")));
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("classifier/model.safetensors")),
        Files.readAllBytes(run.resolve("classifier/model.safetensors")));
  }

  @Test
  void severalLabelsAndAnEnsemble() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      List<String> labels = new ArrayList<>();
      if (i % 2 == 0) {
        labels.add("\"cold\"");
      }
      if (i % 3 == 0) {
        labels.add("\"late\"");
      }
      String text = (i % 2 == 0 ? "an icy " : "a ") + (i % 3 == 0 ? "hour on " : "") + i % 7;
      lines.add("{\"text\":\"" + text + "\",\"labels\":" + labels + "}");
    }
    Path corpus = Files.write(dir.resolve("a.jsonl"), lines);
    Path run = dir.resolve("run");
    String[] options = {"--family=embedding", FOLDER, "--set=embedding.overlap=4"};
    Cli.run(Cli.and(List.of(options), "classify", "" + corpus, "--out=" + run)).ok();
    assertEquals(2, json(run.resolve("classifier/config.json")).get("thresholds").size());
    assertTrue(json(run.resolve("classifier/metrics.json")).get("valid.macroF1").asDouble() > .7);
    assertEquals(2, answer(run, "an icy hour on 0").get("labels").size());
    Path bag = dir.resolve("bag");
    Cli.run("classify", "" + corpus, "--family=ngram-lr", "--out=" + bag).ok();
    Path both = dir.resolve("both");
    Cli.run("ensemble", "" + bag, "" + run, "--out=" + both).ok();
    double mean =
        (answer(bag, "an icy 3").at("/probabilities/cold").asDouble()
                + answer(run, "an icy 3").at("/probabilities/cold").asDouble())
            / 2;
    assertEquals(mean, answer(both, "an icy 3").at("/probabilities/cold").asDouble(), 1e-6);
  }

  @Test
  void compareTakesItWhereThereIsAnEncoder() throws IOException {
    Path out = dir.resolve("out");
    TinyRun.Output reviews = TinyRun.get();
    String[] options = {"--test=" + reviews.test(), "--out=" + out, FOLDER};
    Cli.Output told =
        Cli.run(
                Cli.and(
                    List.of(options),
                    "compare",
                    "" + reviews.corpus(),
                    "--families=embedding,ngram-lr",
                    "--set=embedding.overlap=4",
                    "--set=text.tokenizer=chars"))
            .ok();
    assertEquals(2, json(out.resolve("compare.json")).get("families").size());
    assertTrue(Files.exists(out.resolve("embedding/classifier/model.onnx")));
    if (told.out().contains("--family embedding")) { // which one it would choose, is not the point
      assertTrue(told.out().contains("--embedder " + Encoders.FOLDER), told.out());
    }
    List<String> all = List.of("--out=" + dir.resolve("all"), "--labels=100000");
    told = Cli.run(Cli.and(all, "compare", "" + reviews.corpus(), "--encoder=" + reviews.lm()));
    assertTrue(told.err().contains("embedding is left out: it needs a sentence enc"), told.err());
  }

  private Cli.Output grid(Path encoder, String... more) {
    List<String> options = new ArrayList<>(List.of(more));
    options.addAll(List.of("--families=embedding", "--labels=40,all", "--seeds=1,2"));
    options.addAll(List.of("--embedder=" + encoder, "--out=" + dir.resolve("grid")));
    options.addAll(List.of("--set=embedding.overlap=4", "--set=embedding.folds=2"));
    return Cli.run(Cli.and(options, "compare", "" + TinyRun.get().corpus()));
  }

  @Test
  void runsOfAComparisonReadEachTextOnceAndTellWhatItTook() throws IOException {
    Path encoder = Encoders.copy(dir.resolve("encoder"));
    Cli.Output told = grid(encoder).ok();
    List<String> trains =
        told.err()
            .lines()
            .filter(line -> line.startsWith("train: ") && line.contains("embed"))
            .toList();
    assertEquals(4, trains.size(), told.err());
    assertTrue(trains.get(0).contains(" embedded in "), trains.get(0));
    assertTrue(trains.get(3).endsWith("texts, all embedded before"), trains.get(3));
    for (JsonNode family : json(dir.resolve("grid/compare.json")).get("families")) {
      for (JsonNode run : family.get("runs")) {
        assertTrue(run.get("textsPerSecond").asDouble() > 0, run.toString());
      }
    }
    Files.delete(encoder.resolve("model.onnx"));
    Files.copy(
        Encoders.with(dir.resolve("other"), "int32.onnx").resolve("model.onnx"),
        encoder.resolve("model.onnx"));
    String line = grid(encoder, "--resume").error(2);
    assertTrue(line.contains("was begun with another encoder"), line);
  }

  @Test
  void whatItCannotDoIsOneLine() throws IOException {
    Path out = dir.resolve("out");
    TinyRun.Output reviews = TinyRun.get();
    assertTrue(fit(out).error(2).contains("needs a sentence encoder: give --embedder"));
    String line = fit(out, "--embedder=" + dir.resolve("none")).error(2);
    assertTrue(line.contains("no such folder or jar"), line);
    line = fit(out, FOLDER, "--set=embedding.overlap=14").error(2);
    assertTrue(line.contains("a window of 16 tokens has room for 14 pieces"), line);
    line = fit(out, FOLDER, "--set=text.rules=fastai-1").error(2);
    assertTrue(line.contains("text.rules: fastai-1 contradicts the model in "), line);
    line = fit(out, FOLDER, "--set=text.tokenizer=chars").error(2);
    assertTrue(line.contains("text.tokenizer: chars contradicts"), line);
    line = fit(out, FOLDER, "--set=vocab.minFreq=7").error(2);
    assertTrue(line.contains("has pieces of its own; leave its keys out"), line);
    line = fit(out, FOLDER, "--set=ngrams.low=2").error(2);
    assertTrue(line.contains("embedding does not read ngrams.low, which is for"), line);
    line = fit(out, FOLDER, "--set=embedding.window=20").error(4);
    assertTrue(line.contains("it does not read 20 tokens: "), line);
    line = Cli.run("classify", "" + reviews.corpus(), FOLDER, "--out=" + out).error(2);
    assertTrue(line.contains("--embedder: only the family embedding has one"), line);
    line =
        Cli.run(
                "compare",
                "" + reviews.corpus(),
                "--families=ngram-lr",
                FOLDER,
                "--out=" + dir.resolve("c"))
            .error(2);
    assertTrue(line.contains("--embedder: only embedding has one; add it to --families"), line);
    line =
        Cli.run(
                "compare",
                "" + reviews.corpus(),
                "--families=embedding",
                FOLDER,
                "--set=text.tokenizer=chars",
                "--out=" + dir.resolve("c"))
            .error(2);
    assertTrue(line.contains("text.tokenizer: the encoder of embedding brings its own"), line);
    Path prepared = dir.resolve("prepared");
    String tokenizer = "--set=text.tokenizer=" + Encoders.FOLDER.resolve("tokenizer.json");
    List<String> like = List.of("--out=" + prepared, tokenizer, "--set=text.rules=none");
    Cli.run(Cli.and(like, "prepare", "" + reviews.corpus())).ok();
    String[] on = {"--family=embedding", FOLDER, "--set=embedding.overlap=4", "--out=" + out};
    line = Cli.run(Cli.and(List.of(on), "classify", "" + prepared)).error(2);
    assertTrue(line.contains("prepared with words of its own"), line);
    assertFalse(Files.exists(out));
    List<String> plan = fit(out, FOLDER, "--dry-run").ok().lines();
    assertTrue(plan.get(0).startsWith("train: "), plan.toString());
  }

  @Test
  void aDamagedModelIsRefused() throws IOException {
    Path run = dir.resolve("run");
    fit(run, FOLDER).ok();
    Path model = run.resolve("classifier");
    Path config = model.resolve("config.json");
    ObjectNode whole = (ObjectNode) json(config);
    ObjectNode embedder = (ObjectNode) whole.get("embedder");
    for (String change :
        List.of(
            "dimension=7",
            "dimension=0",
            "window=5000",
            "overlap=99",
            "overlap=-1",
            "windows=-1",
            "unknown=-2",
            "classes=3")) {
      ObjectNode damaged = whole.deepCopy();
      String[] pair = change.split("=");
      ((ObjectNode) damaged.get("embedder")).put(pair[0], Integer.parseInt(pair[1]));
      refused(model, damaged);
    }
    ObjectNode damaged = whole.deepCopy();
    ((ObjectNode) damaged.get("embedder")).put("pooling", "max");
    refused(model, damaged);
    damaged = whole.deepCopy();
    ((ObjectNode) damaged.get("embedder")).remove("start");
    refused(model, damaged);
    damaged = whole.deepCopy();
    ((ObjectNode) damaged.get("embedder")).put("sha256", "0");
    refused(model, damaged);
    damaged = whole.deepCopy();
    damaged.remove("embedder");
    refused(model, damaged);
    assertEquals(8, embedder.get("dimension").asInt());
    Files.writeString(model.resolve("model.onnx"), "no model");
    embedder.put("sha256", Checksums.sha256(model.resolve("model.onnx")));
    String line = refused(model, whole);
    assertTrue(line.contains("no ONNX model"), line);
    Files.delete(model.resolve("model.onnx"));
    line = refused(model, whole);
    assertTrue(line.contains("no model.onnx in this classifier"), line);
  }

  private static String refused(Path model, ObjectNode config) throws IOException {
    Files.writeString(model.resolve("config.json"), config.toString());
    Sums.renew(model);
    return Cli.run("x\n".getBytes(UTF_8), "predict", "" + model, "-").error(4);
  }
}
