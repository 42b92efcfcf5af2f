package org.ulmfit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.TrainedClassifier;
import org.ulmfit.Ulmfit;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;
import org.ulmfit.io.Safetensors;
import org.ulmfit.io.Sums;
import org.ulmfit.predict.Explained;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.vocab.Vocab;

/** Networks from random weights, from the command line and from Java. */
@Tag("engine")
class NetworkCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TRAINING =
      "classifier.stages=[{freezeTo: 0, epochs: 2, rates: {lr: 1.0e-2, factor: 1},"
          + " schedule: {kind: constant}}]";

  /** Sizes that train in a second. */
  private static List<String> small(String family) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--set=" + TRAINING,
                "--set=classifier.batchSize=32",
                "--set=classifier.minSteps=0",
                "--precision=fp32"));
    if (!family.equals("ngram-mlp")) {
      options.addAll(List.of("--set=network.embeddingSize=12", "--set=network.length=60"));
    }
    if (List.of("rnn", "lstm", "bilstm", "sepcnn").contains(family)) {
      options.add("--set=network.units=[8, 8]");
    }
    return options;
  }

  @TempDir Path dir;

  private static Cli.Output train(String family, Path out, String... more) {
    List<String> options = new ArrayList<>(small(family));
    options.addAll(List.of("--family=" + family, "--out=" + out));
    options.addAll(List.of(more));
    TinyRun.Output reviews = TinyRun.get();
    return Cli.run(Cli.and(options, "classify", "" + reviews.corpus(), "--test=" + reviews.test()));
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ngram-mlp", "mean-embedding", "rnn", "lstm", "bilstm", "sepcnn", "dgcnn"})
  void aModelIsTrainedSavedReadAgainAndExported(String family) throws Exception {
    Path run = dir.resolve("run");
    train(family, run).ok();
    JsonNode config = json(run.resolve("classifier/config.json"));
    assertEquals(family, config.get("family").asText());
    assertFalse(config.has("architecture"));
    JsonNode metrics = json(run.resolve("classifier/metrics.json"));
    Path moved = Files.move(run.resolve("classifier"), dir.resolve("moved"));
    JsonNode again =
        JSON.readTree(
            Cli.run("evaluate", "" + moved, "" + TinyRun.get().test(), "--json", "--precision=fp32")
                .ok()
                .out());
    for (String figure : List.of("accuracy", "macroF1", "logLoss")) {
      assertEquals(metrics.get("test." + figure).asDouble(), again.get(figure).asDouble(), 1e-5);
    }
    String texts = "a wonderful film\n\na film that I did not like , not at all\n";
    Cli.Output answers = Cli.run(texts.getBytes(UTF_8), "predict", "" + moved, "-").ok();
    assertEquals(3, answers.lines().size(), answers.out());
    assertTrue(metrics.get("test.logLoss").asDouble() < 1, metrics.toString());
    assertIsExported(family, moved);
    Explained.assertAccountsForAnswers(moved, family.equals("ngram-mlp") ? 5 : .1);
  }

  private void assertIsExported(String family, Path model) throws Exception {
    String out = "--out=" + dir.resolve("out");
    String fastai = Cli.run("export", "" + model, "--format=fastai", out).error(2);
    if (family.equals("ngram-mlp")) {
      String line = Cli.run("export", "" + model, "--format=torchscript", out).error(2);
      assertTrue(line.contains("ngram-mlp, which has no network on token ids to"), line);
      assertTrue(fastai.contains("has no network to export; copy its folder"), fastai);
    } else {
      ExportedClassifier.assertAnswersAs(model, dir.resolve("exported"));
      assertTrue(fastai.contains("is no AWD-LSTM; take --format torchscript, djl or onnx"), fastai);
    }
  }

  @Test
  void oneTrainedOnMarksOfTheCorpusLearnsThem() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 240; i++) {
      String text = (i % 2 == 0 ? "an icy meal " : "a meal ") + (i % 3 == 0 ? "an hour on " : "");
      String labels = i % 2 == 0 ? i % 3 == 0 ? "\"cold\", \"late\"" : "\"cold\"" : "";
      labels = i % 2 != 0 && i % 3 == 0 ? "\"late\"" : labels;
      lines.add("{\"text\":\"" + text + i % 7 + "\",\"labels\":[" + labels + "]}");
    }
    Path corpus = Files.write(dir.resolve("a.jsonl"), lines);
    Path run = dir.resolve("run");
    List<String> options = new ArrayList<>(small("mean-embedding"));
    options.addAll(List.of("--family=mean-embedding", "--out=" + run));
    Cli.run(Cli.and(options, "classify", "" + corpus)).ok();
    JsonNode metrics = json(run.resolve("classifier/metrics.json"));
    assertEquals(1, metrics.get("valid.subsetAccuracy").asDouble());
    String text = "an icy meal an hour on\n";
    Cli.Output answer = Cli.run(text.getBytes(UTF_8), "predict", "" + run, "-").ok();
    assertEquals(2, JSON.readTree(answer.out()).get("labels").size(), answer.out());
  }

  @Test
  void wordVectorsAreTheStartOfTheEmbedding() throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("v.txt"), "3 4\nthe .5 -.25 1 2\nAnd 1 2 3 4\nnowhere 9 9 9 9\n");
    String given = "--set=network.vectors=" + file;
    String four = "--set=network.embeddingSize=4";
    Path run = dir.resolve("run");
    Cli.Output trained =
        train("mean-embedding", run, given, four, "--set=network.trainEmbedding=false").ok();
    assertTrue(trained.err().contains("v.txt has 3 words, 2 of the vocabulary's"), trained.err());
    assertTrue(trained.err().contains("(1 of them with capital letters only)"), trained.err());
    Path model = run.resolve("classifier");
    List<String> vocab = Vocab.read(model.resolve("vocab.txt")).itos();
    try (Safetensors.Reader reader = Safetensors.Reader.open(model.resolve("model.safetensors"))) {
      float[] table = new float[vocab.size() * 4];
      reader.read("embedding.weight", table);
      assertArrayEquals(new float[] {.5f, -.25f, 1, 2}, row(table, vocab.indexOf("the")));
      assertArrayEquals(new float[] {1, 2, 3, 4}, row(table, vocab.indexOf("and")));
      assertArrayEquals(new float[4], row(table, vocab.indexOf(".")));
    }
    String line =
        train("mean-embedding", dir.resolve("other"), given, "--set=network.embeddingSize=5")
            .error(2);
    assertTrue(line.contains("its words have 4 numbers, network.embeddingSize is 5"), line);
    Files.writeString(file, "film .5 -.25 1 2\nbad 1 2 3\n");
    line = train("mean-embedding", dir.resolve("other"), given, four).error(3);
    assertTrue(line.contains("v.txt, line 2: a word and 3 numbers where 4 belong"), line);
    assertFalse(Files.exists(dir.resolve("other/classifier")));
  }

  private static float[] row(float[] table, int id) {
    float[] row = new float[4];
    System.arraycopy(table, id * 4, row, 0, 4);
    return row;
  }

  @Test
  void itJoinsOthersInAnEnsemble() throws IOException {
    Path run = dir.resolve("run");
    train("lstm", run).ok();
    Path both = dir.resolve("both");
    Cli.run("ensemble", "" + run, "" + TinyRun.get().classifier(), "--out=" + both).ok();
    byte[] text = "good but long\n".getBytes(UTF_8);
    JsonNode answer = JSON.readTree(Cli.run(text, "predict", "" + both, "-").ok().out());
    assertTrue(answer.get("probabilities").has("pos"), answer.toString());
  }

  @Test
  void whatItCannotDoIsOneLine() throws IOException {
    Path out = dir.resolve("out");
    Map<String, String> wrong =
        Map.of(
            "mean-embedding network.pooling=last",
            "is for layers that read in order",
            "sepcnn network.embeddingSize=0",
            "is for rnn, lstm and bilstm, not for sepcnn",
            "rnn network.trainEmbedding=false",
            "would leave random word vectors",
            "lstm network.vectors=" + dir.resolve("none.txt"),
            "none.txt: cannot be read: no such file");
    for (Map.Entry<String, String> one : wrong.entrySet()) {
      String[] words = one.getKey().split(" ", 2);
      Cli.Output output = train(words[0], out, "--set=" + words[1]);
      String line = output.error(words[1].contains("vectors") ? 3 : 2);
      assertTrue(line.contains(one.getValue()), line);
      assertFalse(Files.exists(out));
    }
    String line =
        train("rnn", out, "--set=network.masking=false", "--set=network.length=0").error(2);
    assertTrue(line.contains("network.masking=false fills documents up to network.length"), line);
    line = train("lstm", out, "--encoder=" + TinyRun.get().lm()).error(2);
    assertTrue(line.contains("the family lstm starts from the texts alone"), line);
    line = train("ngram-mlp", out, "--set=network.hidden=[]").error(2);
    assertTrue(line.contains("network.hidden=[] leaves ngram-mlp no layer"), line);
    line = train("ngram-mlp", out, "--set=ngrams.low=3").error(2);
    assertTrue(line.contains("ngrams.low 3 is above ngrams.high 2"), line);
    Path run = dir.resolve("run");
    train("mean-embedding", run).ok();
    line =
        Cli.run("classify", "" + TinyRun.get().corpus(), "--from=" + run, "--out=" + out).error(4);
    assertTrue(line.contains("which does not go on"), line);
    assertFalse(Files.exists(out));
  }

  @Test
  void aDamagedModelIsRefused() throws IOException {
    Path run = dir.resolve("run");
    train("bilstm", run).ok();
    Path model = run.resolve("classifier");
    Path config = model.resolve("config.json");
    String whole = Files.readString(config);
    Map<String, String> damages =
        Map.of(
            "\"classes\" : 2", "\"classes\" : 3",
            "\"embeddingSize\" : 12", "\"embeddingSize\" : -1",
            "\"pooling\" : \"last\"", "\"pooling\" : \"first\"",
            "\"family\" : \"bilstm\"", "\"family\" : \"lstm\"",
            "\"keep\" : \"first\"", "\"keep\" : null",
            "\"units\" : [ 8, 8 ]", "\"units\" : [ 8, 9 ]");
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
    for (int i = 0; i < 80; i++) {
      documents.add(Document.of("a " + (i % 2 == 0 ? "fine" : "dull") + " film " + i, "" + i % 2));
    }
    TrainedClassifier trained =
        Ulmfit.classifier(Corpus.of(documents))
            .recipe("mean-embedding")
            .set("classifier.stages", TRAINING.substring(TRAINING.indexOf('=') + 1))
            .set("classifier.batchSize", 8)
            .into(dir.resolve("run"));
    assertEquals(1, trained.valid().accuracy());
    try (TextClassifier classifier = trained.open("cpu")) {
      assertEquals("0", classifier.predict("what a fine film").label());
    }
  }
}
