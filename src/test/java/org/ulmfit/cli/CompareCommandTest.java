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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.compare.CompareJob;
import org.ulmfit.compare.Comparison;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.run.RunsListener;
import org.ulmfit.train.TrainingListener;
import org.ulmfit.vocab.TokenStore;

/** {@code ulmfit compare}: the families on the same rows. */
class CompareCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BAGS = "--families=ngram-nbsvm,ngram-lr";

  @TempDir Path dir;

  private Cli.Output compare(Path out, String... more) {
    TinyRun.Output reviews = TinyRun.get();
    return Cli.run(
        Cli.and(
            List.of(more),
            "compare",
            "" + reviews.corpus(),
            "--test=" + reviews.test(),
            "--out=" + out));
  }

  private static String[] all(String... more) {
    List<String> options = new ArrayList<>(TinyRun.SIZES);
    options.add("--encoder=" + TinyRun.get().lm());
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  private static JsonNode json(Path out) throws IOException {
    return JSON.readTree(out.resolve("compare.json").toFile());
  }

  private static List<String> ids(Path run, String part) {
    List<String> ids = new ArrayList<>();
    Path file = run.resolve("prepared/classifier").resolve(part + ".tokens");
    try (TokenStore store = TokenStore.open(file)) {
      for (int row = 0; row < store.size(); row++) {
        ids.add(store.id(row));
      }
    }
    return ids;
  }

  @Test
  void severalFamiliesOnTheSameRows() throws IOException {
    Path out = dir.resolve("out");
    Cli.Output told =
        compare(out, all("--labels=all,60", "--families=awd-lstm,ngram-lr,ngram-nbsvm")).ok();
    JsonNode json = json(out);
    assertEquals("test", json.get("measuredOn").asText());
    assertEquals(150, json.at("/rows/test").asInt());
    assertEquals(60, json.at("/rows/training/60").asInt());
    assertEquals(6, json.get("families").size());
    assertEquals("60", json.at("/families/0/labels").asText());
    assertEquals("all", json.at("/families/5/labels").asText());
    assertEquals(4, json.get("mcNemar").size());

    List<String> runs = List.of("awd-lstm", "ngram-lr", "ngram-nbsvm");
    for (String more : List.of("", "-60")) {
      Set<List<String>> train = new HashSet<>();
      Set<List<String>> valid = new HashSet<>();
      for (String run : runs) {
        train.add(ids(out.resolve(run + more), "train"));
        valid.add(ids(out.resolve(run + more), "valid"));
        assertFalse(Files.exists(out.resolve(run + more + "/prepared/classifier/test.tokens")));
      }
      assertEquals(1, train.size(), "the training rows differ");
      assertEquals(1, valid.size(), "the validation rows differ");
    }
    assertEquals(60, ids(out.resolve("ngram-lr-60"), "train").size());
    assertEquals(ids(out.resolve("ngram-lr"), "valid"), ids(out.resolve("ngram-lr-60"), "valid"));
    Set<String> whole = new HashSet<>(ids(out.resolve("ngram-lr"), "train"));
    assertTrue(whole.containsAll(ids(out.resolve("ngram-lr-60"), "train")));

    for (JsonNode family : json.get("families")) {
      JsonNode run = family.at("/runs/0");
      Path folder = out.resolve(run.get("run").asText());
      JsonNode again =
          JSON.readTree(
              Cli.run("evaluate", "" + folder, "" + TinyRun.get().test(), "--json").ok().out());
      assertEquals(again.get("accuracy").asDouble(), run.get("accuracy").asDouble(), 1e-12);
      assertEquals(again.get("macroF1").asDouble(), run.get("macroF1").asDouble(), 1e-12);
      assertTrue(run.at("/accuracyInterval/0").asDouble() < run.get("accuracy").asDouble());
      assertTrue(run.get("trainingSeconds").asDouble() > 0);
      assertTrue(run.get("modelBytes").asLong() > 1000);
      assertTrue(run.get("textsPerSecond").asDouble() > 1);
    }
    assertTrue(told.err().contains("1 of 6: ngram"), told.err());
    assertTrue(told.err().indexOf("ngram-nbsvm") < told.err().indexOf("awd-lstm-60"), told.err());
    String table = told.out();
    assertTrue(
        table.contains("Measured on 150 test rows, which no classifier was trained on"), table);
    assertTrue(table.contains("\nfamily "), table);
    assertTrue(table.contains("\nIt would choose " + json.at("/choice/family").asText()), table);
    String markdown = Files.readString(out.resolve("compare.md"));
    assertTrue(markdown.contains("\n| family | training rows | accuracy | 95% |"), markdown);
    assertTrue(markdown.contains("| awd-lstm | 60 | "), markdown);
    assertTrue(table.contains("\n  ulmfit classify " + TinyRun.get().corpus()), table);
    for (String page : List.of("compare.html", "ngram-lr-60/report/report.html")) {
      String html = Files.readString(out.resolve(page));
      assertTrue(html.contains("<pre>ulmfit compare " + TinyRun.get().corpus()), html);
      assertTrue(html.contains("--labels=all,60"), html);
    }
  }

  @Test
  void seedsSplitAnewAndAreToldWithTheirDeviation() throws IOException {
    Path out = dir.resolve("out");
    Cli.Output told = compare(out, BAGS, "--seeds=1,2,3", "--limit=100").ok();
    JsonNode family = json(out).at("/families/0");
    assertEquals(3, family.get("runs").size());
    double[] figures = new double[3];
    for (int i = 0; i < 3; i++) {
      figures[i] = family.at("/runs/" + i + "/accuracy").asDouble();
    }
    double mean = (figures[0] + figures[1] + figures[2]) / 3;
    double sum = 0;
    for (double figure : figures) {
      sum += (figure - mean) * (figure - mean);
    }
    assertEquals(mean, family.at("/accuracy/mean").asDouble(), 1e-12);
    assertEquals(Math.sqrt(sum / 2), family.at("/accuracy/deviation").asDouble(), 1e-12);
    assertNotEquals(
        ids(out.resolve("ngram-lr-s1"), "valid"), ids(out.resolve("ngram-lr-s2"), "valid"));
    assertEquals(
        ids(out.resolve("ngram-lr-s3"), "valid"), ids(out.resolve("ngram-nbsvm-s3"), "valid"));
    assertTrue(told.out().contains(" ± "), told.out());
    assertTrue(told.out().contains("\nngram-nbsvm-s2 "), told.out());

    Path first = out.resolve("ngram-lr-s1/prepared"); // other rows in its place are found out
    Files.move(first, dir.resolve("first"));
    Files.move(out.resolve("ngram-lr-s2/prepared"), first);
    String line = compare(out, BAGS, "--seeds=1,2,3", "--limit=100", "--resume").error(3);
    assertTrue(line.contains(" is not that of " + out.resolve("rows/s1/")), line);
  }

  @Test
  void severalLabelsAndNoTestRows() throws IOException {
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
    Path out = dir.resolve("out");
    Cli.Output told =
        Cli.run(
            "compare",
            "" + corpus,
            BAGS,
            "--out=" + out,
            "--set=corpus.testFraction=0",
            "--labels=50");
    assertTrue(told.ok().out().contains("There are no test rows: measured on the "), told.out());
    assertTrue(told.out().contains("left out: it is for one label a row"), told.out());
    assertTrue(told.out().contains("subset accuracy"), told.out());
    JsonNode json = json(out);
    assertEquals("valid", json.get("measuredOn").asText());
    assertEquals(1, json.at("/families/0/subsetAccuracy/mean").asDouble());
    assertEquals(0, json.get("mcNemar").size());
  }

  @Test
  void fieldsKeepTheirNames() throws IOException {
    List<String> lines = new ArrayList<>(List.of("no,title,body,sort"));
    for (int i = 0; i < 80; i++) {
      lines.add(i + ",\"" + (i % 2 == 0 ? "fine, good" : "dull") + "\",film " + i + "," + i % 2);
    }
    Path corpus = Files.write(dir.resolve("a.csv"), lines);
    Path out = dir.resolve("out");
    Cli.Output told =
        Cli.run(
            "compare",
            "" + corpus,
            "--families=ngram-lr",
            "--out=" + out,
            "--text-columns=title,body",
            "--set=ngrams.high=1",
            "--limit=70",
            "--label-column=sort");
    String last = told.ok().out().lines().reduce((a, b) -> b).orElseThrow();
    assertEquals(
        "  ulmfit classify "
            + corpus
            + " --text-column title,body --label-column sort --family ngram-lr --set ngrams.high=1 --out classifier-run",
        last.replace("--text-columns", "--text-column"));
    String row = Files.readAllLines(out.resolve("rows/valid.jsonl")).get(0);
    assertEquals(Set.of("id", "title", "body", "label"), keys(row));
    assertEquals(1, json(out).at("/families/0/accuracy/mean").asDouble());
  }

  @Test
  void whatIsGivenAppliesWhereItIsReadAndIsRefusedWhereNoneReadsIt() throws IOException {
    Path out = dir.resolve("out");
    String line = compare(out, BAGS, "--set=lm.batchSize=8").error(2);
    assertTrue(
        line.contains(
            "--set lm.batchSize=8: ngram-nbsvm, ngram-lr do not read lm.batchSize, which is for"
                + " awd-lstm"),
        line);
    assertTrue(compare(out, BAGS, "--precision=bf16").error(2).contains("--precision bf16: ngram"));
    assertTrue(compare(out, BAGS, "--device=cuda:0").error(2).contains("--device cuda:0: ngram"));
    line = compare(out, BAGS, "--set=classifier.family=ngram-lr").error(2);
    assertTrue(line.contains("--families says what is compared"), line);
    line = compare(out, "--families=mean-embedding", "--set=classifier.stages.1.epochs=1").error(2);
    assertTrue(line.contains("has so many classifier.stages; leave it out"), line);
    line = compare(out, BAGS, "--set=ngrams.lows=1").error(2);
    assertTrue(line.contains("unknown key"), line);
    Path recipe = dir.resolve("my.yaml");
    Files.writeString(recipe, "corpus: {validFraction: 0.2}\nngrams: {high: 1}\n");
    line = compare(out, BAGS, "--config=" + recipe).error(2);
    assertTrue(line.contains("my.yaml, line 2: ngrams.high: in a comparison --config is"), line);
    assertTrue(line.contains("awd-lstm, which is not compared; give it by --set"), line);
    String lm = "--encoder=" + TinyRun.get().lm();
    line = compare(out, lm, "--config=" + recipe).error(2);
    assertTrue(line.contains("awd-lstm, which does not read it; give it by --set"), line);
    assertFalse(Files.exists(out));

    Files.writeString(recipe, "corpus: {validFraction: 0.2}\n");
    String[] sets = {"--set=ngrams.interpolation=0.5", "--set=ngrams.high=1"};
    List<String> both = new ArrayList<>(List.of(sets));
    both.addAll(List.of(BAGS, "--config=" + recipe));
    compare(out, both.toArray(String[]::new)).ok();
    String svm = Files.readString(out.resolve("ngram-nbsvm/recipe.yaml"));
    String regression = Files.readString(out.resolve("ngram-lr/recipe.yaml"));
    assertTrue(svm.contains("interpolation: 0.5") && svm.contains("high: 1"), svm);
    assertTrue(regression.contains("interpolation: 1.0") && regression.contains("high: 1"));
    assertEquals(50, json(out).at("/rows/valid").asInt());
  }

  private static Set<String> keys(String row) throws IOException {
    Set<String> keys = new HashSet<>();
    JSON.readTree(row).fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private CompareJob job(Path out, boolean resume) {
    return job(out, TinyRun.get().lm(), resume);
  }

  private CompareJob job(Path out, Path encoder, boolean resume) {
    TinyRun.Output reviews = TinyRun.get();
    List<String> sets =
        TinyRun.SIZES.stream()
            .filter(o -> o.startsWith("--set="))
            .map(o -> o.substring(6))
            .toList();
    return new CompareJob(
        Corpus.at(reviews.corpus()).withTest(Corpus.at(reviews.test())),
        0,
        List.of(Recipe.Family.AWD_LSTM, Recipe.Family.NGRAM_LR),
        new CompareJob.Start(encoder, false),
        List.of(0),
        List.of(42L),
        false,
        new CompareJob.Recipes() {
          @Override
          public Recipe split(long seed) {
            return Recipes.load(Path.of("quickstart"), sets);
          }

          @Override
          public Recipe of(Recipe.Family family, long seed) {
            return family == Recipe.Family.AWD_LSTM
                ? split(seed)
                : Recipes.shipped(Recipes.word(family), List.of());
          }

          @Override
          public boolean applies(Recipe.Family family, String override) {
            return false;
          }
        },
        0,
        List.of(),
        null,
        new CompareJob.Commands() {
          @Override
          public String comparison() {
            return "ulmfit compare rows.csv";
          }

          @Override
          public List<String> of(Recipe.Family family, List<String> sets, String run) {
            return List.of();
          }

          @Override
          public String stack(List<String> runs, List<Path> answers) {
            return "";
          }
        },
        out,
        "cpu",
        resume,
        false);
  }

  /** Stops at the third step of a training. */
  private static RunsListener stopping(Stop stop) {
    return new RunsListener() {
      private int steps;

      @Override
      public void note(String line) {}

      @Override
      public TrainingListener training(List<Recipe.Phase> phases) {
        return new TrainingListener() {
          @Override
          public void step(Step step) {
            if (++steps == 3) {
              stop.request();
            }
          }
        };
      }
    };
  }

  @Test
  void whatWasInterruptedIsResumedAndWhatIsThereIsKept() throws IOException {
    Path out = dir.resolve("out");
    Stop stop = new Stop();
    UlmfitException stopped =
        assertThrows(
            UlmfitException.class, () -> Comparison.run(job(out, false), stopping(stop), stop));
    assertEquals(UlmfitException.Kind.INTERRUPTED, stopped.kind());
    assertTrue(Files.isDirectory(out.resolve("awd-lstm/checkpoints")));
    Path bag = out.resolve("ngram-lr/classifier/model.safetensors");
    FileTime made = Files.getLastModifiedTime(bag);

    Path other = TinyRun.get().lm().resolve("lm");
    UlmfitException refused =
        assertThrows(
            UlmfitException.class,
            () -> Comparison.run(job(out, other, true), stopping(new Stop()), new Stop()));
    assertTrue(refused.getMessage().contains("was begun with another encoder"));

    Comparison.run(job(out, true), stopping(new Stop()), new Stop());
    assertEquals(made, Files.getLastModifiedTime(bag), "a run that was there was made again");
    Path whole = dir.resolve("whole");
    Comparison.run(job(whole, false), stopping(new Stop()), new Stop());
    String model = "awd-lstm/classifier/model.safetensors";
    assertEquals(-1, Files.mismatch(out.resolve(model), whole.resolve(model)));
    for (JsonNode family : json(out).get("families")) {
      boolean resumed = family.get("family").asText().equals("awd-lstm");
      assertEquals(resumed ? 2 : 1, family.at("/runs/0/trainingParts").asInt());
    }
    String table = Files.readString(out.resolve("compare.md"));
    assertTrue(table.contains("\\* resumed: "), table);
  }

  @Test
  void moreFamiliesJoinLater() throws IOException {
    Path out = dir.resolve("out");
    compare(out, "--families=ngram-lr").ok();
    Cli.Output more = compare(out, BAGS, "--labels=50,all", "--resume").ok();
    assertTrue(more.err().contains("ngram-lr: is there"), more.err());
    assertEquals(4, json(out).get("families").size());
    String line = compare(out, BAGS, "--resume", "--set=ngrams.low=2").error(2);
    assertTrue(line.contains("was made with another recipe"), line);
    line = compare(out, BAGS, "--resume", "--limit=100").error(2);
    assertTrue(line.contains("the rows were others when the comparison was begun"), line);
    assertEquals(4, json(out).get("families").size());

    // killed before its cost was written down: there is nothing to go on from
    Path model = out.resolve("ngram-nbsvm/classifier/model.safetensors");
    FileTime made = Files.getLastModifiedTime(model);
    Files.delete(out.resolve("measured/ngram-nbsvm.cost.json"));
    compare(out, BAGS, "--resume").ok();
    assertNotEquals(made, Files.getLastModifiedTime(model));

    compare(out, "--families=ngram-lr", "--overwrite").ok();
    assertEquals(1, json(out).get("families").size());
    assertFalse(Files.exists(out.resolve("ngram-nbsvm")));
  }

  @Test
  void whatCannotBeIsOneLineAndLeavesNothing() throws IOException {
    Path out = dir.resolve("out");
    String line = compare(out, "--families=ngram-lr,ngram-svm").error(2);
    assertTrue(line.contains("'ngram-svm' is not one of awd-lstm, ngram-lr"), line);
    assertTrue(line.contains("did you mean 'ngram-nbsvm'?"), line);
    line = compare(out, "--encoder=" + dir.resolve("nowhere")).error(2);
    assertTrue(line.contains("nowhere"), line);
    line = compare(out, BAGS, "--encoder=" + TinyRun.get().lm()).error(2);
    assertTrue(line.contains("--encoder: only awd-lstm starts from one"), line);
    line = compare(out).error(2);
    assertTrue(line.contains("--encoder RUN is missing"), line);
    System.setProperty("ulmfit.home", ".");
    try {
      Cli.Output told = compare(out, "--labels=100000");
      assertTrue(told.err().contains("wiki-small as it comes with ulmfit; one "), told.err());
    } finally {
      System.clearProperty("ulmfit.home");
    }
    line = compare(out, BAGS, "--labels=100000").error(2);
    assertTrue(line.contains("--labels 100000: ") && line.contains(" training rows"), line);
    line = compare(out, BAGS, "--labels=some").error(2);
    assertTrue(line.contains("'some' is not a whole number above 0, nor 'all'"), line);
    line = compare(out, BAGS, "--seed=1", "--seeds=1,2").error(2);
    assertTrue(line.contains("--seed and --seeds exclude each other"), line);
    line = compare(out, BAGS, "--set=corpus.standardise=lesson").error(2);
    assertTrue(line.contains("--set corpus.standardise=plain"), line);
    assertFalse(Files.exists(out));

    compare(out, "--families=ngram-lr").ok();
    line = compare(out, BAGS).error(2);
    assertTrue(line.contains("is not empty; go on with --resume"), line);
    Path other = Files.createDirectories(dir.resolve("other"));
    Files.writeString(other.resolve("notes.txt"), "mine");
    line = compare(other, BAGS, "--overwrite").error(2);
    assertTrue(line.contains("holds other files than a comparison"), line);
    line =
        Cli.run(
                "compare",
                "" + out.resolve("rows/train.jsonl"),
                BAGS,
                "--out=" + out,
                "--overwrite")
            .error(2);
    assertTrue(line.contains("this corpus lies in the folder that --overwrite replaces"), line);
    line = compare(out, "--families=ngram-lr", "--overwrite", "--labels=100000").error(2);
    assertTrue(line.contains("--labels 100000"), line);
    assertTrue(Files.exists(out.resolve("ngram-lr/classifier/config.json")));
  }
}
