package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on texts of several labels: from rows as people have them to answers. */
@Tag("engine")
class MultilabelCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> LABELS = List.of("cold", "late", "rude");
  private static final String[][] TELLING = {
    {"icy", "chilled", "frozen", "lukewarm"},
    {"delayed", "slow", "overdue", "hours"},
    {"insolent", "shouting", "unfriendly", "sneering"}
  };
  private static final String[] PLAIN = {"the", "food", "was", "a", "waiter", "table", "and", "we"};

  @TempDir static Path dir;
  private static Path corpus;
  private static Path test;
  private static Path lm;
  private static Path run;
  private static Cli.Output classify;

  private static String text(int[] labels, Random random) {
    StringBuilder text = new StringBuilder();
    for (int w = 8 + random.nextInt(8); w > 0; w--) {
      boolean telling = labels.length > 0 && random.nextInt(2) == 0;
      String[] from = telling ? TELLING[labels[random.nextInt(labels.length)]] : PLAIN;
      text.append(from[random.nextInt(from.length)]).append(' ');
    }
    return text.toString().trim();
  }

  /** JSON lines; the last rows are unlabelled. */
  private static Path write(String name, int rows, int unlabelled, long seed) throws IOException {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < rows + unlabelled; i++) {
      int[] own = IntStream.range(0, 3).filter(l -> random.nextInt(3) == 0).toArray();
      String labels =
          String.join(",", IntStream.of(own).mapToObj(l -> '"' + LABELS.get(l) + '"').toList());
      lines.add(
          "{\"text\":\""
              + text(own, random)
              + "\",\"labels\":"
              + (i < rows ? "[" + labels + "]" : "null")
              + "}");
    }
    return Files.write(dir.resolve(name), lines);
  }

  private static List<String> sizes(String... more) {
    List<String> all = new ArrayList<>(TinyRun.SIZES);
    all.add("--set=classifier.stages.1.epochs=12");
    all.addAll(List.of(more));
    return all;
  }

  @BeforeAll
  static void train() throws IOException {
    corpus = write("corpus.jsonl", 300, 40, 1);
    test = write("test.jsonl", 120, 0, 2);
    lm = dir.resolve("lm");
    run = dir.resolve("run");
    Cli.run(Cli.and(TinyRun.SIZES, "lm-finetune", "" + corpus, "--out=" + lm, "--from-scratch"))
        .ok();
    classify =
        Cli.run(
                Cli.and(
                    sizes(),
                    "classify",
                    "" + corpus,
                    "--test=" + test,
                    "--encoder=" + lm,
                    "--out=" + run))
            .ok();
  }

  @Test
  void theTaskIsToldAndTheModelKnowsIt() throws IOException {
    String err = classify.err();
    assertTrue(err.contains("several labels"), err);
    assertTrue(err.contains("unlabelled: 40"), err);
    assertTrue(err.contains("subset accuracy"), err);
    JsonNode config = JSON.readTree(run.resolve("classifier/config.json").toFile());
    assertEquals("multi", config.get("task").asText());
    assertEquals(3, config.get("thresholds").size());
    config.get("thresholds").forEach(t -> assertTrue(t.asDouble() > 0 && t.asDouble() < 1));
    assertEquals(
        LABELS,
        List.of(JSON.readValue(run.resolve("classifier/labels.json").toFile(), String[].class)));
  }

  /** Better than any answer that does not read: all labels always have a macro F1 of one half. */
  @Test
  void itLearnsAndMeasuresAlikeInEvaluate() throws IOException {
    JsonNode figures =
        JSON.readTree(Cli.run("evaluate", "" + run, "" + test, "--json").ok().lines().get(0));
    double macroF1 = figures.get("macroF1").asDouble();
    assertTrue(macroF1 > .8, figures.toString());
    JsonNode metrics = JSON.readTree(run.resolve("classifier/metrics.json").toFile());
    assertEquals(metrics.get("test.macroF1").asDouble(), macroF1, 1e-9);
    assertEquals(metrics.get("test.loss").asDouble(), figures.get("loss").asDouble(), 1e-6);
  }

  @Test
  void predictionsAreLabelsAboveTheirThresholdsAndAllProbabilities() throws IOException {
    JsonNode config = JSON.readTree(run.resolve("classifier/config.json").toFile());
    boolean several = false;
    boolean none = false;
    for (String line : Cli.run("predict", "" + run, "" + test).ok().lines()) {
      JsonNode row = JSON.readTree(line);
      List<String> expected = new ArrayList<>();
      for (int l = 0; l < 3; l++) {
        double p = row.get("probabilities").get(LABELS.get(l)).asDouble();
        if (p >= config.get("thresholds").get(l).asDouble()) {
          expected.add(LABELS.get(l));
        }
      }
      expected.sort(Comparator.comparingDouble(l -> -row.get("probabilities").get(l).asDouble()));
      List<String> labels = new ArrayList<>();
      row.get("labels").forEach(label -> labels.add(label.asText()));
      assertEquals(expected, labels);
      several |= labels.size() > 1;
      none |= labels.isEmpty();
    }
    assertTrue(several && none, "answers of several labels, and of none");
  }

  @Test
  void thresholdsAreNotChosenByTheRowsOfTheTest() {
    String[] command =
        Cli.and(
            sizes(),
            "classify",
            "" + corpus,
            "--test=" + test,
            "--encoder=" + lm,
            "--out=" + dir.resolve("byTest"),
            "--set=classifier.validateOn=test");
    String line = Cli.run(command).error(2);
    assertTrue(line.contains("several labels a row, whose thresholds validation chooses"), line);
  }

  @Test
  void aTableHasTheLabelsInACell() {
    List<String> lines =
        Cli.run("predict", "" + run, "" + test, "--output-format=csv").ok().lines();
    assertEquals("id,labels,p(cold),p(late),p(rude)", lines.get(0));
    assertTrue(lines.stream().anyMatch(l -> l.matches("\\d+,\\w+\\|\\w+,.*")), lines.toString());
    assertTrue(lines.stream().anyMatch(l -> l.matches("\\d+,,.*")), lines.toString());
  }

  @Test
  void theMostProbableLabelsComeFirst() throws IOException {
    for (String line : Cli.run("predict", "" + run, "" + test, "--top-k=2").ok().lines()) {
      List<Double> told = new ArrayList<>();
      JSON.readTree(line).get("probabilities").forEach(p -> told.add(p.asDouble()));
      assertEquals(2, told.size());
      assertTrue(told.get(0) >= told.get(1), line);
    }
    List<String> table =
        Cli.run("predict", "" + run, "" + test, "--top-k=9", "--output-format=csv").ok().lines();
    assertEquals("id,labels,top 1,p(top 1),top 2,p(top 2),top 3,p(top 3)", table.get(0));
    assertTrue(Cli.run("predict", "" + run, "--top-k=0").error(2).contains("above 0"));
  }

  /** How sure a third of the answers are not. */
  private static double confidence(List<String> answers) throws IOException {
    List<Double> sure = new ArrayList<>();
    for (String line : answers) {
      JsonNode row = JSON.readTree(line);
      JsonNode p = row.get("probabilities");
      double most = LABELS.stream().mapToDouble(l -> p.get(l).asDouble()).max().orElseThrow();
      sure.add(row.get("labels").isEmpty() ? 1 - most : most);
    }
    return sure.stream().sorted().toList().get(sure.size() / 3);
  }

  @Test
  void anAnswerThatIsNotSureEnoughIsUnsure() throws IOException {
    List<String> plain = Cli.run("predict", "" + run, "" + test).ok().lines();
    double least = Math.round(1000 * confidence(plain)) / 1000.0;
    List<String> wary =
        Cli.run("predict", "" + run, "" + test, "--min-confidence=" + least).ok().lines();
    int unsure = 0;
    int fewer = 0;
    for (int i = 0; i < plain.size(); i++) {
      JsonNode row = JSON.readTree(plain.get(i));
      JsonNode p = row.get("probabilities");
      List<String> sure = new ArrayList<>();
      row.get("labels").forEach(l -> sure.add(l.asText()));
      boolean none = sure.isEmpty();
      sure.removeIf(l -> p.get(l).asDouble() < least);
      double most = LABELS.stream().mapToDouble(l -> p.get(l).asDouble()).max().orElseThrow();
      boolean isUnsure = none ? 1 - most < least : sure.isEmpty();
      List<String> told = new ArrayList<>();
      JSON.readTree(wary.get(i)).get("labels").forEach(l -> told.add(l.asText()));
      assertEquals(isUnsure ? List.of("unsure") : sure, told, plain.get(i));
      unsure += isUnsure ? 1 : 0;
      fewer += sure.isEmpty() || sure.size() == row.get("labels").size() ? 0 : 1;
    }
    assertTrue(unsure > 0 && unsure < plain.size(), "unsure of " + unsure);
    assertTrue(fewer > 0, "answers of which a part is sure enough");
    assertTrue(
        Cli.run("predict", "" + run, "--min-confidence=70").error(2).contains("probability"));
  }

  @Test
  void theRowsToLabelNextAreThoseItKnowsLeastOf() throws IOException {
    List<String> all = Cli.run("predict", "" + run, "" + test).ok().lines();
    List<String> next = Cli.run("predict", "" + run, "" + test, "--most-uncertain=7").ok().lines();
    assertEquals(7, next.size());
    double before = 1;
    for (String line : next) {
      JsonNode row = JSON.readTree(line);
      assertTrue(row.get("uncertainty").asDouble() <= before, line);
      before = row.get("uncertainty").asDouble();
      String id = row.get("id").asText();
      JsonNode text = JSON.readTree(Files.readAllLines(test).get(Integer.parseInt(id) - 1));
      assertEquals(text.get("text"), row.get("text"));
      assertTrue(row.get("predicted").isArray() && !row.has("labels"), line);
    }
    int more = 0;
    for (String line : all) {
      more += entropy(JSON.readTree(line)) > before + 1e-6 ? 1 : 0;
    }
    assertTrue(more <= 6, more + " rows are more uncertain than the seventh");
    String[] command = {"predict", "" + run, "" + test, "--most-uncertain=7"};
    Path guesses = Files.writeString(dir.resolve("guesses.jsonl"), Cli.run(command).out());
    String out = "--out=" + dir.resolve("no");
    String line = Cli.run("classify", "" + guesses, "--from=" + run, out).error(3);
    assertTrue(line.contains("no column is known to hold the label"), line);
    String[] table = Cli.and(List.of("--output-format=csv"), command);
    Files.writeString(dir.resolve("guesses.csv"), Cli.run(table).out());
    line = Cli.run("classify", "" + dir.resolve("guesses.csv"), "--from=" + run, out).error(3);
    assertTrue(line.contains("label"), line);
  }

  @Test
  void labelsOfTheModelThatAreJoinedAreNoNewOnes() throws IOException {
    Path joined = Files.writeString(dir.resolve("joined.csv"), "text,label\na,cold;late\nb,rude\n");
    String out = "--out=" + dir.resolve("no");
    String line = Cli.run("classify", "" + joined, "--from=" + run, out).error(2);
    assertTrue(
        line.contains("the label 'cold;late' is labels of the model that goes on, joined; say"),
        line);
    assertTrue(line.contains("--label-separator ';'"), line);
  }

  @Test
  void whatThresholdsDoIsTold() throws IOException {
    assertTrue(classify.err().contains("thresholds: 0."), classify.err());
    assertTrue(Files.readString(run.resolve("report/report.md")).contains("- thresholds: 0."));
    Path few = Files.write(dir.resolve("few.jsonl"), Files.readAllLines(corpus).subList(0, 60));
    String err =
        Cli.run(
                Cli.and(
                    TinyRun.SIZES,
                    "classify",
                    "" + few,
                    "--encoder=" + lm,
                    "--out=" + dir.resolve("few"),
                    "--set=classifier.classWeights=balanced"))
            .ok()
            .err();
    assertTrue(err.contains("for all labels of fewer than 10 validation rows: cold, late"), err);
    assertTrue(err.contains("class weights, balanced: "), err);
    assertFalse(classify.err().contains("class weights"), classify.err());
  }

  private static double entropy(JsonNode row) {
    double sum = 0;
    for (JsonNode p : row.get("probabilities")) {
      double q = p.asDouble();
      sum -= q * Math.log(q) + (1 - q) * Math.log(1 - q);
    }
    return sum / (3 * Math.log(2));
  }

  @Test
  void aModelGoesOnWithNewRowsAndANewLabel() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(corpus).subList(0, 120));
    lines.replaceAll(l -> l.replaceFirst("\\[\"rude\"", "[\"noisy\",\"rude\""));
    Path more = Files.write(dir.resolve("more.jsonl"), lines);
    Path next = dir.resolve("next");
    String err =
        Cli.run(Cli.and(TinyRun.SIZES, "classify", "" + more, "--from=" + run, "--out=" + next))
            .ok()
            .err();
    assertTrue(err.contains("goes on with its 3 labels; new, with random weights: noisy"), err);
    assertEquals(
        List.of("cold", "late", "rude", "noisy"),
        List.of(JSON.readValue(next.resolve("classifier/labels.json").toFile(), String[].class)));
    assertEquals(
        Files.readString(run.resolve("classifier/vocab.txt")),
        Files.readString(next.resolve("classifier/vocab.txt")));
  }

  /** With no training to speak of it is the model it was. */
  @Test
  void whatGoesOnStartsWhereItEnded() throws IOException {
    Path next = dir.resolve("same");
    Cli.run(
            Cli.and(
                TinyRun.SIZES.stream().filter(o -> !o.contains("classifier.stages")).toList(),
                "classify",
                "" + corpus,
                "--from=" + run,
                "--out=" + next,
                "--set=classifier.stages=[{freezeTo: -1, epochs: 0.01, rates: {lr: 1.0e-12},"
                    + " schedule: {kind: constant}}]",
                "--set=classifier.headDropout=0",
                "--set=classifier.dropMult=0"))
        .ok();
    List<String> before = Cli.run("predict", "" + run, "" + test).ok().lines();
    List<String> after = Cli.run("predict", "" + next, "" + test).ok().lines();
    for (int i = 0; i < before.size(); i++) {
      for (String label : LABELS) {
        assertEquals(
            JSON.readTree(before.get(i)).get("probabilities").get(label).asDouble(),
            JSON.readTree(after.get(i)).get("probabilities").get(label).asDouble(),
            .1, // the running statistics of one batch
            before.get(i));
      }
    }
  }

  @Test
  void aModelOfAnotherTaskOrShapeIsRefused() {
    TinyRun.Output single = TinyRun.get();
    String out = "--out=" + dir.resolve("no");
    String line = Cli.run("classify", "" + corpus, "--from=" + single.classifier(), out).error(3);
    assertTrue(line.contains("label"), line);
    line = Cli.run("classify", "" + corpus, "--from=" + lm, out).error(4);
    assertTrue(line.contains("where a classifier"), line);
    line =
        Cli.run("classify", "" + corpus, "--from=" + run, out, "--set=classifier.headSize=77")
            .error(2);
    assertTrue(line.contains("classifier.headSize: 77 contradicts"), line);
    line = Cli.run("classify", "" + corpus, "--from=" + run, "--encoder=" + lm, out).error(2);
    assertTrue(line.contains("--encoder") && line.contains("--from"), line);
  }
}
