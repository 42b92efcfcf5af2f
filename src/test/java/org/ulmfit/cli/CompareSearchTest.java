package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.FolderLock;

/** Folds, the stack, searches, budgets and dry runs of {@code ulmfit compare}. */
class CompareSearchTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BAGS = "--families=ngram-nbsvm,ngram-lr";

  @TempDir Path dir;

  private static Cli.Output compare(Path out, String... more) {
    TinyRun.Output reviews = TinyRun.get();
    List<String> options = new ArrayList<>(List.of("--out=" + out));
    options.addAll(List.of(more));
    return Cli.run(Cli.and(options, "compare", "" + reviews.corpus(), "--test=" + reviews.test()));
  }

  private static JsonNode json(Path out) throws IOException {
    return JSON.readTree(out.resolve("compare.json").toFile());
  }

  private static JsonNode family(Path out, String name) throws IOException {
    for (JsonNode family : json(out).get("families")) {
      if (family.get("family").asText().equals(name)) {
        return family;
      }
    }
    throw new AssertionError(name + " of " + json(out));
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static List<String> ids(Path file) throws IOException {
    return lines(file).stream().map(line -> line.get("id").asText()).toList();
  }

  @Test
  void foldsAnswerEveryTrainingRowOnceAndTheStackLearnsOfThat() throws IOException {
    Path out = dir.resolve("out");
    Cli.Output told = compare(out, BAGS, "--folds=3").ok();
    List<String> train = ids(out.resolve("rows/train.jsonl"));
    for (String run : List.of("ngram-lr", "ngram-nbsvm")) {
      List<JsonNode> held = lines(out.resolve("answers/" + run + ".jsonl"));
      Set<String> once = new HashSet<>();
      int right = 0;
      for (JsonNode row : held) {
        assertTrue(once.add(row.get("id").asText()), row.toString());
        right += row.get("answer").equals(row.get("labels")) ? 1 : 0;
        assertEquals(2, row.get("logits").size());
      }
      assertEquals(new HashSet<>(train), once);
      JsonNode folds = family(out, run).at("/runs/0/folds");
      assertEquals(3, folds.get("folds").asInt());
      assertEquals(right / (double) train.size(), folds.at("/accuracy/mean").asDouble(), 0.005);
      assertTrue(folds.at("/accuracy/deviation").asDouble() > 0);
    }
    for (int fold = 1; fold <= 3; fold++) {
      Set<String> others = new HashSet<>(ids(out.resolve("rows/train-fold" + fold + ".jsonl")));
      List<String> held = ids(out.resolve("rows/held-fold" + fold + ".jsonl"));
      assertTrue(held.stream().noneMatch(others::contains));
      assertEquals(train.size(), others.size() + held.size());
    }
    assertEquals(0, list(out.resolve("part")).size(), "runs of folds are left");

    JsonNode stack = family(out, "stack").at("/runs/0");
    JsonNode again =
        JSON.readTree(
            Cli.run("evaluate", "" + out.resolve("stack"), "" + TinyRun.get().test(), "--json")
                .ok()
                .out());
    assertEquals(again.get("accuracy").asDouble(), stack.get("accuracy").asDouble(), 1e-12);
    assertTrue(told.out().contains("\nstack "), told.out());
    assertTrue(told.out().contains("folds: accuracy"), told.out());

    Path joined = dir.resolve("joined"); // by the command that it tells
    Cli.run(
            "ensemble",
            "" + out.resolve("ngram-nbsvm"),
            "" + out.resolve("ngram-lr"),
            "--answers="
                + out.resolve("answers/ngram-nbsvm.jsonl")
                + ","
                + out.resolve("answers/ngram-lr.jsonl"),
            "--out=" + joined)
        .ok();
    assertEquals(
        JSON.readTree(out.resolve("stack/config.json").toFile()).get("stacking"),
        JSON.readTree(joined.resolve("config.json").toFile()).get("stacking"));

    FileTime made = Files.getLastModifiedTime(out.resolve("stack/config.json"));
    compare(out, BAGS, "--folds=3", "--resume").ok();
    assertEquals(made, Files.getLastModifiedTime(out.resolve("stack/config.json")));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }

  @Test
  void valuesAreChosenByTheValidationRows() throws IOException {
    Path out = dir.resolve("out");
    String search = "--search=ngrams.strengths=[0.0000001],[0.01, 1]";
    Cli.Output told = compare(out, BAGS, search, "--search=ngrams.interpolation=0.25,1").ok();
    JsonNode run = family(out, "ngram-lr").at("/runs/0");
    JsonNode search1 = JSON.readTree(out.resolve("measured/ngram-lr.search.json").toFile());
    double weak = search1.at("/figures/0").asDouble();
    double strong = search1.at("/figures/1").asDouble();
    assertNotEquals(weak, strong);
    int better = strong > weak ? 1 : 0;
    assertEquals(better, search1.get("chosen").asInt());
    String[] strengths = {"[1.0E-7]", "[0.01, 1.0]"};
    assertEquals(1, run.get("searched").size());
    assertEquals(2, family(out, "ngram-nbsvm").at("/runs/0/searched").size());
    String recipe = Files.readString(out.resolve("ngram-lr/recipe.yaml"));
    assertTrue(recipe.replace("e-7", "E-7").contains("strengths: " + strengths[better]), recipe);
    assertEquals(2, search1.get("tried").size());
    JsonNode other = JSON.readTree(out.resolve("measured/ngram-nbsvm.search.json").toFile());
    assertEquals(4, other.get("tried").size());
    double best = search1.at("/figures/" + search1.get("chosen").asInt()).asDouble();
    assertEquals(run.at("/valid/accuracy").asDouble(), best, 1e-12);
    JsonNode tried = JSON.readTree(out.resolve("measured/ngram-lr-try1.answers.json").toFile());
    assertEquals(tried.get("valid"), tried.get("measured"), "an attempt saw the test rows");
    assertTrue(told.out().contains("ngram-lr: searched by accuracy on the validation rows: "));
    assertEquals(0, list(out.resolve("part")).size());
    String commands = json(out).at("/choice/commands/0").asText();
    assertTrue(commands.contains("--set 'ngrams.strengths=["), commands);

    FileTime made = Files.getLastModifiedTime(out.resolve("ngram-lr/recipe.yaml"));
    compare(out, BAGS, search, "--search=ngrams.interpolation=0.25,1", "--resume").ok();
    assertEquals(made, Files.getLastModifiedTime(out.resolve("ngram-lr/recipe.yaml")));
    String line =
        compare(out, "--families=ngram-lr", "--search=ngrams.strengths=[2],[1]", "--resume")
            .error(2);
    assertTrue(line.contains("other values were searched for it"), line);
  }

  @Test
  void aBudgetCutsEpochsAndCountsTheTimeBefore() throws IOException {
    Path out = dir.resolve("out");
    String[] network = {
      "--families=ngram-lr,mean-embedding",
      "--set=classifier.stages.0.epochs=300",
      "--set=classifier.batchSize=16",
      "--set=classifier.patience=0",
      "--budget=14s",
      "--folds=2"
    };
    TinyRun.get(); // is not in the time
    long started = System.nanoTime();
    Cli.Output told = compare(out, network).ok();
    double seconds = (System.nanoTime() - started) / 1e9;
    double share = family(out, "mean-embedding").at("/runs/0/shareOfEpochs").asDouble();
    assertTrue(share > 0 && share < 1, "" + share);
    JsonNode folds = family(out, "mean-embedding").at("/runs/0/folds");
    assertTrue(folds.get("shareOfEpochs").asDouble() < 1, "" + folds);
    assertTrue(seconds < 1.1 * 14 + 2, "" + seconds);
    assertTrue(told.out().contains("† mean-embedding: "), told.out());
    assertTrue(told.out().contains("† folds of mean-embedding: at least "), told.out());
    assertTrue(told.out().contains("budget: 14 s, used "), told.out());
    String recipe = Files.readString(out.resolve("mean-embedding/recipe.yaml"));
    assertFalse(recipe.contains("epochs: 300"), recipe);
    double spent =
        JSON.readTree(out.resolve("measured/spent.json").toFile()).get("seconds").asDouble();
    assertEquals(seconds, spent, 2);

    List<String> more = new ArrayList<>(List.of(network));
    more.set(4, "--budget=" + Math.max(1, Math.round(spent / 2)) + "s");
    more.set(0, "--families=ngram-lr,mean-embedding,ngram-nbsvm");
    more.add("--resume");
    Cli.Output again = compare(out, more.toArray(String[]::new)).ok();
    assertTrue(again.out().contains("ngram-nbsvm was left out: the budget was used up"));
    assertFalse(Files.exists(out.resolve("ngram-nbsvm")));
  }

  @Test
  void aBudgetTooSmallIsOneLine() {
    Path out = dir.resolve("out");
    String line = compare(out, BAGS, "--budget=0.01s").error(2);
    assertTrue(
        line.endsWith(
            "the budget of 0.0 s is too small for the cheapest of what is compared, ngram-nbsvm;"
                + " give more with --resume"),
        line);
    line = compare(dir.resolve("other"), BAGS, "--budget=30").error(2);
    assertTrue(line.contains("'30' is not a time above 0 with its unit, such as 90s"), line);
    line = compare(dir.resolve("other"), BAGS, "--budget=0s").error(2);
    assertTrue(line.contains("'0s' is not a time above 0"), line);
    assertFalse(Files.exists(dir.resolve("other")));
  }

  @Test
  void aDryRunTellsAndWritesNothing() throws IOException {
    TinyRun.Output reviews = TinyRun.get();
    Path here = dir.resolve("out");
    List<String> plan =
        Cli.run(
                "compare",
                "" + reviews.corpus(),
                "--test=" + reviews.test(),
                "--families=ngram-lr,mean-embedding",
                "--folds=3",
                "--search=network.hidden=[8],[16]",
                "--labels=60,all",
                "--out=" + here,
                "--dry-run")
            .ok()
            .lines();
    assertTrue(plan.contains("training rows: 60"), plan.toString());
    assertTrue(plan.contains("validation rows: 26; test rows: 150"), plan.toString());
    assertTrue(plan.contains("ngram-lr-60: 4 trainings"), plan.toString());
    assertTrue(plan.contains("mean-embedding: 5 trainings"), plan.toString());
    assertTrue(plan.contains("trainings: 18"), plan.toString());
    assertTrue(plan.stream().anyMatch(l -> l.startsWith("  parameters: ")), plan.toString());
    assertFalse(Files.exists(here));
  }

  @Test
  void twoComparisonsDoNotShareAFolder() throws IOException {
    Path out = dir.resolve("out");
    compare(out, "--families=ngram-lr").ok();
    try (FolderLock lock = FolderLock.take(out, "comparison")) {
      assertEquals(out.toRealPath(), lock.real());
      String line = compare(out, BAGS, "--resume").error(2);
      assertTrue(line.contains("out: another comparison is writing there; wait for it"), line);
      assertThrows(UlmfitException.class, () -> FolderLock.take(out, "run"));
    }
    compare(out, BAGS, "--resume").ok();
    assertNotEquals(1, json(out).get("families").size());
  }

  @Test
  void whatCannotBeIsOneLineAndLeavesNothing() throws IOException {
    Path out = dir.resolve("out");
    String line = compare(out, BAGS, "--folds=500").error(2);
    assertTrue(line.contains("--folds 500: "), line);
    assertTrue(line.contains(" has 224 training rows; give fewer folds or more rows"), line);
    line = compare(out, BAGS, "--folds=50", "--labels=20").error(2);
    assertTrue(line.contains("has 20 training rows under --labels 20"), line);
    assertTrue(compare(out, BAGS, "--folds=1").error(2).contains("there must be at least 2"));
    assertTrue(compare(out, BAGS, "--folds=0").error(2).contains("above 0"));
    line = compare(out, BAGS, "--search=ngrams.high").error(2);
    assertTrue(line.contains("expected a key and two values or more"), line);
    line = compare(out, BAGS, "--search=ngrams.high=1").error(2);
    assertTrue(line.contains("expected a key and two values or more"), line);
    line = compare(out, BAGS, "--search=ngrams.high=1,1").error(2);
    assertTrue(line.contains("names a value twice"), line);
    line = compare(out, BAGS, "--search=ngrams.high=1,2", "--search=ngrams.high=3,4").error(2);
    assertTrue(line.contains("is given twice; join its values"), line);
    line = compare(out, BAGS, "--search=ngrams.high=1,99").error(2);
    assertTrue(line.contains("ngrams.high: 99 is not allowed"), line);
    line = compare(out, BAGS, "--search=ngrams.hihg=1,2").error(2);
    assertTrue(line.contains("ngrams.hihg: unknown key"), line);
    line = compare(out, BAGS, "--search=network.hidden=[1],[2]").error(2);
    assertTrue(line.contains("ngram-nbsvm, ngram-lr do not read network.hidden"), line);
    line = compare(out, BAGS, "--search=corpus.validFraction=0.1,0.2").error(2);
    assertTrue(line.contains("is the same for all that is compared"), line);
    line = compare(out, BAGS, "--search=ngrams.high=1,2", "--set=ngrams.high=1").error(2);
    assertTrue(line.contains("--set gives it a value, too"), line);
    assertFalse(Files.exists(out));
  }

  @Test
  void answersThatAreNoneAreRefused() throws IOException {
    Path out = dir.resolve("out");
    compare(out, BAGS, "--folds=2").ok();
    String[] models = {"" + out.resolve("ngram-nbsvm"), "" + out.resolve("ngram-lr")};
    Path first = out.resolve("answers/ngram-nbsvm.jsonl");
    Path second = out.resolve("answers/ngram-lr.jsonl");
    assertTrue(
        ensemble(models, first).error(2).contains("1 files for 2 models; give one for each"));
    List<String> whole = Files.readAllLines(second);
    Path other = dir.resolve("other.jsonl");
    Files.write(other, whole.subList(1, whole.size()));
    String line = ensemble(models, first, other).error(3);
    assertTrue(line.contains("other.jsonl: its rows are not those of"), line);
    Files.write(other, List.of("{\"id\":\"a\"}"));
    line = ensemble(models, first, other).error(3);
    assertTrue(line.contains("other.jsonl, line 1: no answer to a row held out"), line);
    Files.write(other, whole.stream().map(l -> l.replace("\"neg\":", "\"bad\":")).toList());
    line = ensemble(models, first, other).error(3);
    assertTrue(line.contains("other.jsonl, line 1: its labels are not those of the models"), line);
    assertFalse(Files.exists(dir.resolve("joined")));
  }

  private Cli.Output ensemble(String[] models, Path... answers) {
    List<String> files = Stream.of(answers).map(Path::toString).toList();
    return Cli.run(
        "ensemble",
        models[0],
        models[1],
        "--answers=" + String.join(",", files),
        "--out=" + dir.resolve("joined"));
  }
}
