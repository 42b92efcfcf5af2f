package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.nn.Bfloat16;

/** {@code lm-finetune}, {@code classify}, {@code evaluate} and {@code predict} on a tiny model. */
@Tag("engine")
class TrainingCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static TinyRun.Output run;

  @TempDir Path dir;

  @BeforeAll
  static void train() {
    run = TinyRun.get();
  }

  @Test
  void fineTuningSavesModelEncoderAndReport() {
    List<String> lines = run.fineTune().lines();
    assertEquals("language model: " + run.lm().resolve("lm"), lines.get(0));
    assertEquals("encoder: " + run.lm().resolve("encoder"), lines.get(1));
    assertTrue(lines.stream().anyMatch(l -> l.matches("perplexity after: \\d+\\.\\d\\d")));
    assertEquals("report: " + run.lm().resolve("report/report.md"), lines.get(lines.size() - 1));
    assertTrue(Files.exists(run.lm().resolve("report/loss.png")));
    assertEquals("lm", ModelFolder.open(run.lm().resolve("lm")).kind());
    assertEquals("encoder", ModelFolder.open(run.lm().resolve("encoder")).kind());
    String err = run.fineTune().err();
    assertTrue(err.contains("lm phase 1 of 1: all layer groups trained"), err);
    assertTrue(err.contains("perplexity  tokens/s"), err);
  }

  @Test
  void thePrecisionIsToldAndRecorded() throws IOException {
    for (Cli.Output output : List.of(run.fineTune(), run.classify())) {
      assertEquals(1, output.err().lines().filter("precision: fp32"::equals).count(), output.err());
    }
    for (Path model : List.of(run.lm().resolve("lm"), run.classifier().resolve("classifier"))) {
      assertEquals(
          "fp32",
          JSON.readTree(model.resolve("provenance.json").toFile()).get("precision").asText());
      String input =
          JSON.readTree(model.resolve("provenance.json").toFile()).at("/data/input/0").asText();
      assertTrue(input.startsWith("reviews.jsonl: JSON lines"), input); // not where it lay
    }
    String log = Files.readString(run.classifier().resolve("log.jsonl"));
    assertTrue(log.contains("\"text\":\"precision: fp32\""), log);
  }

  @Test
  void aSampledRunSaysSoAndSavesTheArithmeticThatAutoChose() throws IOException {
    Path out = dir.resolve("sampled");
    String err =
        Cli.run(
                Cli.and(
                    TinyRun.SIZES,
                    "lm-finetune",
                    "" + run.corpus(),
                    "--out=" + out,
                    "--from-scratch",
                    "--precision=auto",
                    "--softmax=sampled",
                    "--set=lm.negatives=300"))
            .ok()
            .err();
    boolean bf16 = Bfloat16.of(Device.cpu()) == Bfloat16.NATIVE;
    assertTrue(err.contains("precision: " + (bf16 ? "bf16" : "fp32") + " (auto: "), err);
    assertTrue(err.contains("softmax: sampled, 300 of "), err);
    assertTrue(err.contains("sampled loss valid loss"), err);
    assertEquals(
        bf16 ? "bf16" : "fp32",
        JSON.readTree(out.resolve("lm/provenance.json").toFile()).get("precision").asText());
    assertTrue(
        Files.readString(out.resolve("log.jsonl")).contains("\"lossName\":\"sampled loss\""));
    String recipe = Files.readString(out.resolve("recipe.yaml"));
    assertTrue(
        recipe.contains("precision: auto\n") && recipe.contains("softmax: sampled\n"), recipe);
  }

  @Test
  void anUnknownSoftmaxOrPrecisionIsRefused() {
    String[] wrong = {"--softmax=half", "--precision=fp16"};
    for (String option : wrong) {
      String line =
          Cli.run("lm-finetune", "" + run.corpus(), "--out=" + dir.resolve("r"), option).error(2);
      assertTrue(line.contains(option.substring(option.indexOf('=') + 1)), line);
    }
  }

  @Test
  void aKeyThatNoStageOfItReadsIsRefused() {
    String[] command = {
      "lm-finetune", "" + run.corpus(), "--out=" + dir.resolve("n"), "--set=ngrams.minDocuments=2"
    };
    String line = Cli.run(command).error(2);
    assertTrue(line.contains("awd-lstm does not read ngrams.minDocuments"), line);
  }

  @Test
  void aModelThatReadsTheOtherWayIsAStartOnlyWhenAsked() throws IOException {
    String forward = "--pretrained=" + run.lm();
    List<String> command = new ArrayList<>(List.of("lm-finetune", "" + run.corpus(), forward));
    command.addAll(List.of("--backwards", "--out=" + dir.resolve("turned")));
    String refusal = Cli.run(Cli.and(TinyRun.SIZES, command.toArray(String[]::new))).error(2);
    assertTrue(refusal.contains("is a forward model; leave out --backwards"), refusal);

    command.add("--any-direction");
    String told = Cli.run(Cli.and(TinyRun.SIZES, command.toArray(String[]::new))).ok().err();
    assertTrue(told.contains("direction: backward; the pretrained model's is forward"), told);
    JsonNode config = JSON.readTree(dir.resolve("turned/lm/config.json").toFile());
    assertEquals("backward", config.required("direction").asText());

    String[] unnamed = {"lm-finetune", "" + run.corpus(), "--out=" + dir, "--any-direction"};
    assertTrue(Cli.run(unnamed).error(2).contains("--pretrained names"));
  }

  @Test
  void theModelCardTellsOfDataRecipeAndMetrics() throws IOException {
    for (Path model : List.of(run.lm().resolve("lm"), run.classifier().resolve("classifier"))) {
      String card = Files.readString(model.resolve("README.md"));
      for (String part : List.of("## Data", "reviews.jsonl", "## Metrics", "recipe.yaml")) {
        assertTrue(card.contains(part), part + " in " + card);
      }
    }
    String card = Files.readString(run.classifier().resolve("classifier/README.md"));
    assertTrue(card.contains("Labels: neg, pos"), card);
  }

  @Test
  void classifyTestsOnTheTestFile() {
    List<String> lines = run.classify().lines();
    assertEquals("classifier: " + run.classifier().resolve("classifier"), lines.get(0));
    assertTrue(lines.contains("test rows: 150"), lines.toString());
    assertTrue(lines.stream().anyMatch(l -> l.matches("test accuracy: [01]\\.\\d{4}")));
    assertTrue(lines.contains("true \\ predicted  neg  pos"), lines.toString());
    assertTrue(Files.exists(run.classifier().resolve("report/report.md")));
  }

  /**
   * Standard input can be read once only: what was read of it before the old run goes must last.
   */
  @Test
  void aRunIsReplacedByOneOnStandardInput() throws IOException {
    String corpus = Files.readString(run.corpus());
    Path out = dir.resolve("piped");
    List<String> lm =
        List.of(
            Cli.and(
                TinyRun.SIZES,
                "lm-finetune",
                "-",
                "--format=jsonl",
                "--out=" + out,
                "--from-scratch"));
    Cli.run(corpus, lm).ok();
    byte[] first = Files.readAllBytes(out.resolve("lm/model.safetensors"));
    List<String> again = Stream.concat(lm.stream(), Stream.of("--overwrite", "--seed=7")).toList();
    String broken = Cli.run(corpus + "{\"text\": ", again).error(3);
    assertTrue(broken.contains("line "), broken);
    assertArrayEquals(first, Files.readAllBytes(out.resolve("lm/model.safetensors")));
    Cli.run(corpus, again).ok();
    assertFalse(
        Arrays.equals(first, Files.readAllBytes(out.resolve("lm/model.safetensors"))), "replaced");
    Path classifier = dir.resolve("piped-classifier");
    List<String> classify =
        List.of(
            Cli.and(
                TinyRun.SIZES,
                "classify",
                "-",
                "--format=jsonl",
                "--encoder=" + out,
                "--out=" + classifier));
    Cli.run(corpus, classify).ok();
    Cli.run(corpus, Stream.concat(classify.stream(), Stream.of("--overwrite")).toList()).ok();
    assertTrue(Files.exists(classifier.resolve("report/report.md")));
  }

  @Test
  void anExistingRunIsRefused() {
    String lm =
        Cli.run(
                Cli.and(
                    TinyRun.SIZES,
                    "lm-finetune",
                    "" + run.corpus(),
                    "--out=" + run.lm(),
                    "--from-scratch"))
            .error(2);
    assertTrue(lm.contains("--resume") && lm.contains("--overwrite"), lm);
  }

  @Test
  void aRunNeedsAFolder() {
    String error = Cli.run("lm-finetune", "" + run.corpus(), "--from-scratch").error(2);
    assertEquals(
        "ulmfit: --out RUN is missing; or look at the sizes with --dry-run", error.strip());
  }

  @Test
  void aDryRunTellsSizesAndWritesNothing() throws IOException {
    String lm =
        Cli.run(
                Cli.and(
                    TinyRun.SIZES,
                    "lm-finetune",
                    "" + run.corpus(),
                    "--out=" + dir.resolve("run"),
                    "--from-scratch",
                    "--dry-run"))
            .ok()
            .out();
    assertTrue(lm.contains("parameters: ") && lm.contains("phase: "), lm);
    assertTrue(lm.contains("memory: about ") && !lm.contains("WARNING"), lm);
    String classify =
        Cli.run(
                Cli.and(
                    TinyRun.SIZES,
                    "classify",
                    "" + run.corpus(),
                    "--encoder=" + run.lm(),
                    "--dry-run"))
            .ok()
            .out();
    assertTrue(classify.contains("labels: neg, pos"), classify);
    assertTrue(classify.contains("memory: about "), classify);
    try (Stream<Path> left = Files.list(dir)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void aModelIsNotChosenByTheRowsItIsTestedOn() {
    String[] command =
        Cli.and(
            TinyRun.SIZES,
            "classify",
            "" + run.corpus(),
            "--encoder=" + run.lm(),
            "--out=" + dir.resolve("run"),
            "--set=checkpoint.best=save",
            "--set=classifier.validateOn=test");
    assertTrue(Cli.run(command).error(2).contains("checkpoint.best=save"));
    command[List.of(command).indexOf("--set=checkpoint.best=save")] = "--set=classifier.patience=1";
    assertTrue(Cli.run(command).error(2).contains("classifier.patience above 0 with"));
  }

  private String refusedClassify(String... options) {
    List<String> command =
        new ArrayList<>(List.of("classify", "" + run.corpus(), "--out=" + dir.resolve("refused")));
    command.addAll(List.of(options));
    String line = Cli.run(Cli.and(TinyRun.SIZES, command.toArray(String[]::new))).error(2);
    assertFalse(Files.exists(dir.resolve("refused")), line);
    return line;
  }

  @Test
  void whatAdversarialTrainingCannotBeIsRefused() {
    String encoder = "--encoder=" + run.lm();
    String vat = "--set=classifier.adversarial.kind=vat";
    String line = refusedClassify(encoder, vat, "--set=classifier.encoder=lesson");
    assertTrue(line.contains("set classifier.encoder=masked"), line);
    line = refusedClassify(encoder, vat, "--set=classifier.frozenDropout=false");
    assertTrue(line.contains("classifier.frozenDropout=false"), line);
    line =
        refusedClassify(
            encoder,
            "--set=classifier.adversarial.kind=at",
            "--set=classifier.adversarial.unlabelled=1");
    assertTrue(line.contains("has no effect"), line);
    line = refusedClassify("--family=ngram-lr", vat);
    assertTrue(line.contains("does not read"), line);
  }

  @Test
  void roundsNeedTextsAndALanguageModel() {
    String texts = "--unlabelled=" + run.corpus();
    String encoder = "--encoder=" + run.lm();
    for (String option :
        List.of("--rounds=2", "--take=0.5", "--seeds=1,2", "--teacher=" + run.classifier())) {
      String line = refusedClassify(encoder, option);
      assertTrue(line.contains("add --unlabelled CORPUS"), line);
    }
    assertTrue(refusedClassify(texts).contains("give --encoder RUN"));
    assertTrue(refusedClassify(texts, "--from=" + run.classifier()).contains("give --encoder RUN"));
    String line = refusedClassify(encoder, texts, "--take=0.5,1.5");
    assertTrue(line.contains("'1.5' is not a share"), line);
    line = refusedClassify(encoder, texts, "--take=0.5", "--rounds=2");
    assertTrue(line.contains("1 shares for --rounds 2"), line);
    line = refusedClassify(encoder, texts, "--set=classifier.patience=2");
    assertTrue(line.contains("no rows are set aside"), line);
  }

  @Test
  void withoutPretrainedModelTheWayOutIsNamed() {
    String line = Cli.run("lm-finetune", "" + run.corpus(), "--out=" + dir.resolve("run")).error(2);
    assertTrue(line.contains("--from-scratch"), line);
    assertFalse(Files.exists(dir.resolve("run")));
  }

  @Test
  void aFolderThatIsNoModelIsRefused() {
    String encoder =
        Cli.run("classify", "" + run.corpus(), "--encoder=" + dir, "--out=" + dir.resolve("run"))
            .error(2);
    assertTrue(encoder.contains(dir.toString()), encoder);
    assertTrue(Cli.run("predict", "" + run.lm()).error(4).contains("classifier"));
  }

  @Test
  void evaluateAgreesWithTheTestOfTraining() throws IOException {
    Cli.Output tables = Cli.run("evaluate", "" + run.classifier(), "" + run.test()).ok();
    String accuracy =
        run.classify().lines().stream()
            .filter(l -> l.startsWith("test accuracy: "))
            .findFirst()
            .orElseThrow();
    assertTrue(tables.lines().contains(accuracy.substring(5)), tables.out());
    Cli.Output json = Cli.run("evaluate", "" + run.classifier(), "" + run.test(), "--json").ok();
    JsonNode node = JSON.readTree(json.out());
    assertEquals(150, node.get("rows").asInt());
    assertEquals(accuracy, "test accuracy: " + Figures.fixed(node.get("accuracy").asDouble(), 4));
    assertEquals(2, node.get("confusion").size());
  }

  /** The figures can be computed again from the rows. */
  @Test
  void evaluateWritesTheAnswerToEachRow() throws IOException {
    Path file = dir.resolve("answers.jsonl");
    String[] command = {"evaluate", "" + run.classifier(), "" + run.test(), "--json"};
    JsonNode figures =
        JSON.readTree(Cli.run(Cli.and(List.of("--predictions=" + file), command)).ok().out());
    List<String> lines = Files.readAllLines(file);
    assertEquals(figures.get("rows").asInt(), lines.size());
    int hits = 0;
    for (String line : lines) {
      JsonNode row = JSON.readTree(line);
      assertEquals(1, row.get("truth").size());
      JsonNode p = row.get("probabilities");
      assertEquals(1, p.get("neg").floatValue() + p.get("pos").floatValue(), 1e-6);
      boolean positive = p.get("pos").floatValue() > p.get("neg").floatValue();
      assertEquals(positive ? "pos" : "neg", row.get("predicted").get(0).asText());
      hits += row.get("truth").equals(row.get("predicted")) ? 1 : 0;
    }
    assertEquals(figures.get("accuracy").asDouble() * lines.size(), hits, 1e-9);
    assertEquals(lines.size(), Set.copyOf(lines).size(), "ids tell rows apart");

    String again = Cli.run(Cli.and(List.of("--predictions=" + file), command)).error(2);
    assertTrue(again.endsWith("answers.jsonl: exists already; choose another file"), again);
    assertEquals(lines, Files.readAllLines(file));
    String nowhere =
        Cli.run(Cli.and(List.of("--predictions=" + dir.resolve("no/a.jsonl")), command)).error(2);
    assertTrue(nowhere.contains("no/a.jsonl: its folder does not exist"), nowhere);
    String lm =
        Cli.run("evaluate", "" + run.lm(), "" + run.test(), "--predictions=" + dir.resolve("lm"))
            .error(2);
    assertTrue(lm.endsWith("leave out --predictions"), lm);
  }

  @Test
  void evaluateTellsTheLanguageModelsPerplexityOnAnyText() throws IOException {
    JsonNode whole =
        JSON.readTree(Cli.run("evaluate", "" + run.lm(), "" + run.test(), "--json").ok().out());
    assertEquals(Math.exp(whole.get("loss").asDouble()), whole.get("perplexity").asDouble(), 1e-2);
    assertTrue(whole.get("loss").asDouble() < Math.log(2000), whole.toString());
    JsonNode part =
        JSON.readTree(
            Cli.run("evaluate", "" + run.lm(), "" + run.test(), "--limit=20", "--json").ok().out());
    assertTrue(part.get("tokens").asLong() < whole.get("tokens").asLong() / 4, part.toString());
    String err = Cli.run("evaluate", "" + run.lm().resolve("encoder"), "" + run.test()).error(4);
    assertTrue(err.contains("give the language model"), err);
  }

  /**
   * Its own validation texts, measured from the saved folder, give what training saw at its end.
   */
  @Test
  void evaluatingTheValidationTextsAgreesWithTraining() throws IOException {
    Path prepared = run.lm().resolve("prepared");
    JsonNode again =
        JSON.readTree(Cli.run("evaluate", "" + run.lm(), "" + prepared, "--json").ok().out());
    JsonNode then = JSON.readTree(run.lm().resolve("lm/metrics.json").toFile());
    assertEquals(then.get("after.tokens").asLong(), again.get("tokens").asLong());
    assertEquals(then.get("after.loss").asDouble(), again.get("loss").asDouble(), 1e-6);
  }

  @Test
  void evaluateTellsHowFastItScored() {
    Cli.Output output = Cli.run("evaluate", "" + run.classifier(), "" + run.test());
    assertTrue(
        output.err().matches("(?s).*scored [\\d,]+ tokens in \\d+ s, [\\d,]+/s\n.*"), output.err());
  }

  @Test
  void predictsInAnotherPrecision() {
    List<String> answers = new ArrayList<>();
    for (String precision : List.of("fp32", "bf16")) {
      List<String> command = List.of("predict", "" + run.classifier(), "--precision", precision);
      String json = Cli.run("a good film\n", command).ok().lines().get(0);
      answers.add(json.replaceAll(".*\"pos\":(0?\\.\\d+|1\\.0).*", "$1"));
    }
    double exact = Double.parseDouble(answers.get(0));
    assertEquals(exact, Double.parseDouble(answers.get(1)), .02, answers.toString());
    assertEquals(2, Cli.run("predict", "" + run.classifier(), "--precision", "fp8").code());
  }

  @Test
  void evaluateNamesALabelTheModelDoesNotKnow() throws IOException {
    Path file =
        Files.writeString(dir.resolve("x.jsonl"), "{\"text\":\"fine\",\"label\":\"positive\"}\n");
    String line = Cli.run("evaluate", "" + run.classifier(), "" + file).err();
    assertTrue(line.contains("positive") && line.contains("pos"), line);
    assertEquals(3, Cli.run("evaluate", "" + run.classifier(), "" + file).code());
  }

  @Test
  void predictionsComeInInputOrderWithTheirIds() throws IOException {
    List<String> rows = new ArrayList<>(Files.readAllLines(run.test()));
    Map<String, JsonNode> first = predict(rows);
    assertEquals(150, first.size());
    Collections.shuffle(rows, new Random(7));
    Map<String, JsonNode> second = predict(rows);
    first.forEach(
        (id, answer) -> {
          JsonNode other = second.get(id);
          assertEquals(answer.get("label"), other.get("label"), id);
          for (String label : List.of("neg", "pos")) {
            assertEquals(
                answer.get("probabilities").get(label).asDouble(),
                other.get("probabilities").get(label).asDouble(),
                1e-5,
                id);
          }
        });
  }

  /** Predicts JSON lines; checks order, sum and arg-max of each answer. */
  private static Map<String, JsonNode> predict(List<String> rows) throws IOException {
    Cli.Output output =
        Cli.run(
                String.join("\n", rows),
                List.of("predict", "" + run.classifier(), "-", "--format=jsonl"))
            .ok();
    Map<String, JsonNode> answers = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      JsonNode answer = JSON.readTree(output.lines().get(i));
      assertEquals(JSON.readTree(rows.get(i)).get("id"), answer.get("id"));
      JsonNode p = answer.get("probabilities");
      assertEquals(1, p.get("neg").asDouble() + p.get("pos").asDouble(), 1e-5);
      String best = p.get("neg").asDouble() >= p.get("pos").asDouble() ? "neg" : "pos";
      assertEquals(best, answer.get("label").asText());
      answers.put(answer.get("id").asText(), answer);
    }
    assertEquals(rows.size(), output.lines().size());
    return answers;
  }

  @Test
  void everyInputFormatGivesTheSameAnswers() throws IOException {
    Path lines = Files.writeString(dir.resolve("a.txt"), "Great, \"great\" food\nBad service\n");
    Path csv =
        Files.writeString(
            dir.resolve("a.csv"), "id,text\n7,\"Great, \"\"great\"\" food\"\n8,Bad service\n");
    Path tsv =
        Files.writeString(dir.resolve("a.tsv"), "7\tGreat, \"great\" food\n8\tBad service\n");
    Path jsonl =
        Files.writeString(
            dir.resolve("a.jsonl"),
            "{\"id\":7,\"text\":\"Great, \\\"great\\\" food\"}\n{\"id\":8,\"text\":\"Bad service\"}\n");
    String model = "" + run.classifier();
    List<String> wanted = Cli.run("predict", model, "" + lines).ok().lines();
    assertTrue(wanted.get(0).startsWith("{\"id\":\"1\","), wanted.get(0));
    List<List<String>> others =
        List.of(
            Cli.run("predict", model, "" + csv).ok().lines(),
            Cli.run("predict", model, "" + tsv, "--text-column=1", "--id-column=0").ok().lines(),
            Cli.run("predict", model, "" + jsonl).ok().lines());
    for (List<String> other : others) {
      assertEquals(2, other.size());
      for (int i = 0; i < 2; i++) {
        assertEquals(
            wanted.get(i).split(",", 2)[1], other.get(i).split(",", 2)[1], other.toString());
      }
    }
    assertTrue(others.get(0).get(0).startsWith("{\"id\":\"7\","), others.toString());
    assertTrue(others.get(2).get(1).startsWith("{\"id\":8,"), others.toString());
  }

  @Test
  void csvOutHasAColumnPerLabel() {
    List<String> lines =
        Cli.run("one\n\nthree\n", List.of("predict", "" + run.classifier(), "--output-format=csv"))
            .ok()
            .lines();
    assertEquals("id,label,p(neg),p(pos)", lines.get(0));
    assertEquals(4, lines.size(), "an empty line is a row as well");
    assertTrue(lines.get(3).matches("3,(neg|pos),[0-9.E-]+,[0-9.E-]+"), lines.get(3));
  }

  @Test
  void brokenInputIsOneLine() throws IOException {
    String model = "" + run.classifier();
    Path csv = Files.writeString(dir.resolve("a.csv"), "id,text\n1,a\n2,b,c\n");
    assertTrue(Cli.run("predict", model, "" + csv).err().contains("a.csv: row 3: 3 columns"));
    Path wide = Files.writeString(dir.resolve("b.csv"), "a,b\nc,d\n");
    String header = Cli.run("predict", model, "" + wide).error(3);
    assertTrue(header.contains("--header or --no-header"), header);
    String text = Cli.run("predict", model, "" + wide, "--no-header").error(3);
    assertTrue(text.contains("--text-column"), text);
    Cli.run("predict", model, "" + wide, "--no-header", "--text-column=1").ok();
    String column = Cli.run("predict", model, "" + csv, "--text-column=txt").error(3);
    assertTrue(column.contains("did you mean 'text'?"), column);
    assertTrue(
        Cli.run("predict", model, "" + dir.resolve("none.csv")).error(3).contains("none.csv"));
    String json = Cli.run("{\"text\": 3}\n", List.of("predict", model, "--format=jsonl")).error(3);
    assertTrue(json.contains("standard input: row 1: no string under \"text\""), json);
  }

  @Test
  void prepareTellsWhatItDid() {
    Path out = dir.resolve("prepared");
    String dry = Cli.run("prepare", "" + run.corpus(), "--dry-run").ok().out();
    assertTrue(Cli.run("prepare", "" + run.corpus()).error(2).contains("--out DIR is missing"));
    assertTrue(dry.contains("rows given as train: 250 (neg 125, pos 125)"), dry);
    assertTrue(dry.contains("rows given as unsup: 200 (unlabelled 200)"), dry);
    assertFalse(Files.exists(out));
    Cli.Output output = Cli.run("prepare", "" + run.corpus(), "--out=" + out).ok();
    assertEquals("prepared: " + out, output.lines().get(0));
    assertTrue(output.out().contains("450 rows = 450 used + 0 rejected"), output.out());
    assertTrue(output.out().contains("most frequent: \".\" 1,303, "), output.out());
    assertTrue(Files.exists(out.resolve("vocab.txt")));
  }

  @Test
  void unusableCorporaAreOneLine() throws IOException {
    String missing = Cli.run("prepare", "" + dir.resolve("no.csv"), "--out=" + dir).error(3);
    assertTrue(missing.contains("no.csv"), missing);
    Path csv = Files.writeString(dir.resolve("a.csv"), "text,label\nx,a\ny,b\n");
    String column =
        Cli.run("prepare", "" + csv, "--out=" + dir.resolve("p"), "--label-column=lable").error(3);
    assertTrue(column.contains("lable") && column.contains("label"), column);
  }

  @Test
  void quickstartRunsAllStages() throws IOException {
    Path out = dir.resolve("quick");
    List<String> options = new ArrayList<>(TinyRun.SIZES);
    options.remove("--config=quickstart");
    Cli.Output output = Cli.run(Cli.and(options, "quickstart", "--out=" + out)).ok();
    List<String> lines = output.lines();
    assertTrue(
        lines.get(0).matches("held-out accuracy: [01]\\.\\d{4} \\(150 reviews\\)"), output.out());
    assertTrue(lines.get(1).matches("(neg|pos) [01]\\.\\d\\d: What a wonderful .*"), output.out());
    assertTrue(lines.get(2).matches("(neg|pos) [01]\\.\\d\\d: The soup .*"), output.out());
    assertEquals("report: " + out.resolve("classifier/report/report.md"), lines.get(3));
    assertEquals(4, lines.size());
    assertTrue(output.err().contains("ulmfit lm-finetune YOUR.csv"), output.err());
    String again = Cli.run(Cli.and(options, "quickstart", "--out=" + out)).error(2);
    assertTrue(again.contains("--overwrite"), again);
    String foreign = Cli.run("quickstart", "--out=" + run.lm(), "--overwrite").error(2);
    assertTrue(foreign.contains("other files than a quickstart"), foreign);
    Path project = Files.createDirectory(dir.resolve("project"));
    for (String mine : List.of("notes.txt", "reviews.jsonl")) {
      Files.writeString(project.resolve(mine), "{\"text\": \"mine\", \"label\": \"a\"}\n");
      for (String option : List.of("--overwrite", "--quiet")) {
        String kept = Cli.run("quickstart", "--out=" + project, option).error(2);
        assertTrue(kept.contains("holds other files than a quickstart (" + mine), kept);
        assertFalse(kept.contains("--overwrite"), kept);
      }
      Files.delete(project.resolve(mine));
    }
    assertEquals(
        new TreeSet<>(List.of("classifier", "language-model", "reviews.jsonl", "test.jsonl")),
        names(out));
  }

  private static Set<String> names(Path dir) throws IOException {
    try (Stream<Path> entries = Files.list(dir)) {
      TreeSet<String> names = new TreeSet<>();
      entries.forEach(p -> names.add(p.getFileName().toString()));
      return names;
    }
  }
}
