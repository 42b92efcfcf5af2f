package org.ulmfit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Subwords from a corpus to the models that read with them. */
@Tag("engine")
class TrainTokenizerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path dir;

  private Path corpus() {
    SampleReviews.copy(dir);
    return dir.resolve(SampleReviews.TRAIN);
  }

  private Cli.Output command(Path corpus, String... more) {
    List<String> options = new ArrayList<>(List.of("train-tokenizer", "" + corpus));
    options.add("--out=" + dir.resolve("tokenizer.json"));
    options.addAll(List.of(more));
    return Cli.run(options.toArray(String[]::new));
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  @ParameterizedTest
  @CsvSource({"unigram, Unigram", "bpe, BPE"})
  void itsFileIsReadByTheOtherCommands(String type, String name) throws IOException {
    Cli.Output output = command(corpus(), "--type=" + type, "--size=600").ok();
    assertFalse(output.err().contains("line end"), output.err());
    Path file = dir.resolve("tokenizer.json");
    assertEquals("tokenizer: " + file, output.lines().get(0));
    assertEquals("pieces: 600", output.lines().get(1));
    assertTrue(output.err().contains("next: ulmfit lm-finetune CORPUS --from-scratch"));
    assertEquals(name, json(file).path("model").path("type").asText());
    Cli.Output tokens =
        Cli.run("The FILM was good\n".getBytes(UTF_8), "tokenize", "--tokenizer=" + file);
    List<String> pieces = new ArrayList<>();
    JSON.readTree(tokens.ok().out()).forEach(piece -> pieces.add(piece.asText()));
    assertEquals(List.of("xxbos", "xxmaj"), pieces.subList(0, 2));
    assertEquals("xxbosxxmaj▁thexxup▁film▁was▁good", String.join("", pieces));
  }

  @Test
  void piecesWithLineEndsAreWarnedOf() throws IOException {
    StringBuilder rows = new StringBuilder("text,label\n");
    for (int i = 0; i < 400; i++) {
      String word = Integer.toString(20_000 + 37 * i, 26);
      rows.append("\"The ").append(word).append("<br /><br />then it went<br />the end\",a\n");
    }
    Path corpus = Files.writeString(dir.resolve("lines.csv"), rows);
    String err = command(corpus, "--type=bpe", "--size=70").ok().err();
    assertTrue(err.contains(" of 70 pieces hold a line end; the rules fastai-2-subword"), err);
    err =
        command(corpus, "--type=bpe", "--size=70", "--rules=fastai-2-subword", "--overwrite")
            .ok()
            .err();
    assertFalse(err.contains("line end"), err);
    assertTrue(err.contains(" --set text.rules=fastai-2-subword --out RUN"), err);
  }

  @Test
  void anExistingFileIsReplacedOnlyWhenAsked() throws IOException {
    Path corpus = corpus();
    Files.writeString(dir.resolve("tokenizer.json"), "mine");
    String line = command(corpus, "--size=600", "--type=bpe").error(2);
    assertTrue(line.endsWith("is there already; replace it with --overwrite"), line);
    assertEquals("mine", Files.readString(dir.resolve("tokenizer.json")));
    command(corpus, "--size=600", "--type=bpe", "--overwrite").ok();
    assertTrue(json(dir.resolve("tokenizer.json")).has("model"));
    Path folder = Files.createDirectory(dir.resolve("folder"));
    line = Cli.run("train-tokenizer", "" + corpus, "--out=" + folder, "--overwrite").error(2);
    assertTrue(line.contains(folder + ": is a folder; name the file, as " + folder), line);
  }

  @Test
  void aFileThatDropsCharactersIsWarnedOf() throws IOException {
    Path corpus = corpus();
    command(corpus, "--type=bpe", "--size=600").ok();
    Path file = dir.resolve("tokenizer.json");
    String out = "--out=" + dir.resolve("p");
    String whole = Cli.run("prepare", "" + corpus, out, "--tokenizer=" + file).ok().err();
    assertFalse(whole.contains("vanish"), whole);
    ObjectNode json = (ObjectNode) json(file);
    ((ObjectNode) json.get("model")).putNull("unk_token");
    Path dropping = Files.writeString(dir.resolve("dropping.json"), json.toString());
    String err = Cli.run("prepare", "" + corpus, out, "--tokenizer=" + dropping).ok().err();
    assertTrue(err.contains("WARNING: " + dropping + ": has no unknown token, so characters"), err);
  }

  @Test
  void aBrokenFileIsNamedAsItWasGiven() throws IOException {
    Path file = Files.writeString(dir.resolve("broken.json"), "{}");
    String line =
        Cli.run("prepare", "" + corpus(), "--out=" + dir.resolve("p"), "--tokenizer=" + file)
            .error(3);
    assertTrue(line.startsWith("ulmfit: " + file + " is not a HuggingFace tokenizer.json"), line);
  }

  @Test
  void whatCannotBeDoneIsOneLine() {
    Path corpus = corpus();
    String line = command(corpus, "--size=100000").error(3);
    assertTrue(line.contains(corpus + ": too small for 100,000 pieces: it makes "), line);
    assertTrue(command(corpus, "--type=wordpiece").error(2).contains("unigram"));
    assertTrue(command(corpus, "--size=0").error(2).contains("'0' is not a whole number"));
    assertTrue(command(dir.resolve("none.csv")).error(3).contains("none.csv"));
    assertFalse(Files.exists(dir.resolve("tokenizer.json")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"train:0", "train:many", "train:wordpiece:500"})
  void anotherTrainingIsRefused(String tokenizer) {
    String line =
        Cli.run(
                "prepare",
                "" + corpus(),
                "--out=" + dir.resolve("p"),
                "--set=text.tokenizer=" + tokenizer)
            .error(2);
    assertTrue(line.contains("text.tokenizer: \"" + tokenizer + "\" is not one of"), line);
    assertTrue(line.contains("train:SIZE"), line);
  }

  @Test
  void aTokenizerThatIsYetToBeTrainedReadsNothing() {
    String line = Cli.run("a".getBytes(UTF_8), "tokenize", "--tokenizer=train:500").error(2);
    assertTrue(line.contains("make one with train-tokenizer"), line);
  }

  private Cli.Output languageModel(Path corpus, Path out, String... more) {
    List<String> options = new ArrayList<>(TinyRun.SIZES);
    options.addAll(List.of(more));
    return Cli.run(Cli.and(options, "lm-finetune", "" + corpus, "--out=" + out, "--from-scratch"));
  }

  private static String[] rules() {
    return new String[] {"--tokenizer=train:bpe:700", "--set=text.rules=fastai-2-subword"};
  }

  /** Everything that reads a text later has the tokenizer from the model's folder. */
  @Test
  void aModelTakesTheTokenizerThatItTrainedWithIt() throws IOException {
    Path corpus = corpus();
    Path run = dir.resolve("run");
    Cli.Output output = languageModel(corpus, run, rules()).ok();
    assertTrue(output.err().contains("700 pieces of words, learned of the training texts"));
    assertFalse(output.err().contains("lacks the special tokens"), output.err());
    byte[] trained = Files.readAllBytes(run.resolve("prepared/tokenizer.json"));
    for (String kind : List.of("lm", "encoder")) {
      assertArrayEquals(trained, Files.readAllBytes(run.resolve(kind + "/tokenizer.json")), kind);
      JsonNode text = json(run.resolve(kind + "/config.json")).path("text");
      assertEquals("tokenizer.json", text.path("tokenizer").asText());
    }
    assertTrue(Files.readString(run.resolve("recipe.yaml")).contains("train:bpe:700"));

    Path moved = Files.move(run, dir.resolve("run #1: a, [b] 'c'")); // as no YAML would have it
    Path classifier = dir.resolve("classifier");
    Cli.run(
            Cli.and(
                TinyRun.SIZES,
                "classify",
                "" + corpus,
                "--encoder=" + moved,
                "--set=text.tokenizer=train:bpe:700", // one recipe for both trainings
                "--set=text.rules=fastai-2-subword",
                "--out=" + classifier))
        .ok();
    Files.move(moved, dir.resolve("gone"));
    Path model = Files.move(classifier.resolve("classifier"), dir.resolve("model"));
    assertArrayEquals(trained, Files.readAllBytes(model.resolve("tokenizer.json")));
    Cli.Output answer = Cli.run("a good film\n".getBytes(UTF_8), "predict", "" + model, "-").ok();
    assertTrue(answer.out().contains("label"), answer.out());
    Cli.run("evaluate", "" + model, "" + dir.resolve(SampleReviews.TEST)).ok();
  }

  @Test
  void onlyTrainingTextsAreLearnedFrom() throws IOException {
    Path corpus = corpus();
    Path valid = Files.writeString(dir.resolve("v.csv"), "text,label\nжжж,pos\nжжж,neg\n");
    Path out = dir.resolve("p");
    Cli.run(
            "prepare",
            "" + corpus,
            "--test=" + valid,
            "--out=" + out,
            "--tokenizer=train:700",
            "--set=text.rules=fastai-2-subword")
        .ok();
    assertFalse(Files.readString(out.resolve("tokenizer.json")).contains("ж"));
  }

  /** By the training that made it and by its file, and not by another. */
  @Test
  void preparedDataIsUsedAgain() throws IOException {
    Path corpus = corpus();
    Path out = dir.resolve("p");
    List<String> asked = List.of("prepare", "" + corpus, "--out=" + out, "--tokenizer=train:700");
    Cli.run(asked.toArray(String[]::new)).ok();
    byte[] first = Files.readAllBytes(out.resolve("tokenizer.json"));
    String again = Cli.run(asked.toArray(String[]::new)).ok().err();
    assertTrue(again.contains("using the prepared data in " + out), again);
    for (String tokenizer :
        List.of("--tokenizer=train:unigram:700", "--tokenizer=" + out.resolve("tokenizer.json"))) {
      languageModel(out, dir.resolve("lm"), tokenizer, "--dry-run").ok();
    }
    String line = languageModel(out, dir.resolve("lm"), "--dry-run").error(2);
    String remedy = "--set text.tokenizer=" + out.resolve("tokenizer.json");
    assertTrue(line.endsWith(remedy), line);
    line = languageModel(out, dir.resolve("lm"), "--tokenizer=train:701", "--dry-run").error(2);
    assertTrue(line.endsWith(remedy), line);
    Files.writeString(out.resolve("tokenizer.json"), "{}");
    line = languageModel(out, dir.resolve("lm"), "--tokenizer=train:700").error(3);
    assertTrue(line.contains("is not what the tokens were made with"), line);
    Cli.run(asked.toArray(String[]::new)).ok();
    assertArrayEquals(first, Files.readAllBytes(out.resolve("tokenizer.json")), "made again");
  }

  @Test
  void aRunGoesOnWithItsTokenizer() throws IOException {
    Path corpus = corpus();
    Path whole = dir.resolve("whole");
    languageModel(corpus, whole, rules()).ok();
    Path stopped = dir.resolve("stopped");
    Files.createDirectories(stopped);
    Files.copy(whole.resolve("recipe.yaml"), stopped.resolve("recipe.yaml")); // as killed at once
    List<String> more = new ArrayList<>(List.of(rules()));
    more.add("--resume");
    languageModel(corpus, stopped, more.toArray(String[]::new)).ok();
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("lm/tokenizer.json")),
        Files.readAllBytes(stopped.resolve("lm/tokenizer.json")));
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("lm/model.safetensors")),
        Files.readAllBytes(stopped.resolve("lm/model.safetensors")));
  }

  @Test
  void aReplacedRunAndAFileThatIsGone() throws IOException {
    Path corpus = corpus();
    command(corpus, "--size=600", "--type=bpe").ok();
    Path run = dir.resolve("run");
    String file = "--tokenizer=" + dir.resolve("tokenizer.json");
    languageModel(corpus, run, file).ok();
    languageModel(corpus, run, "--tokenizer=train:bpe:500", "--overwrite").ok();
    assertEquals(500, json(run.resolve("lm/tokenizer.json")).path("model").path("vocab").size());
    languageModel(corpus, run, file, "--overwrite").ok();
    Files.delete(dir.resolve("tokenizer.json"));
    Cli.run("evaluate", "" + run, "" + corpus).ok();
  }

  @Test
  void aPretrainedModelKeepsItsTokenizer() throws IOException {
    Path corpus = corpus();
    Path run = dir.resolve("run");
    languageModel(corpus, run, rules()).ok();
    Path copy = Files.copy(run.resolve("lm/tokenizer.json"), dir.resolve("copy.json"));
    Cli.run(pretrained(corpus, run, "--tokenizer=" + copy)).ok();
    String line = Cli.run(pretrained(corpus, run, "--tokenizer=train:bpe:700")).error(2);
    assertTrue(line.contains("text.tokenizer: train:bpe:700 contradicts the model in"), line);
  }

  private static String[] pretrained(Path corpus, Path run, String tokenizer) {
    return Cli.and(
        TinyRun.SIZES, "lm-finetune", "" + corpus, "--pretrained=" + run, tokenizer, "--dry-run");
  }

  @Test
  void aFileWithoutTheSpecialTokensIsTold() throws Exception {
    Path file = Path.of(getClass().getResource("/subword/tokenizer.json").toURI());
    Cli.Output output =
        Cli.run("prepare", "" + corpus(), "--out=" + dir.resolve("p"), "--tokenizer=" + file).ok();
    List<String> lines =
        output.err().lines().filter(l -> l.contains("lacks the special tokens")).toList();
    assertEquals(1, lines.size(), output.err());
    assertTrue(lines.get(0).startsWith(file + ": lacks the special tokens xxunk, xxpad, xxbos"));
    assertTrue(lines.get(0).contains("train-tokenizer"), lines.get(0));
  }
}
