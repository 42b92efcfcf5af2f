package org.ulmfit.selftrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Stop;
import org.ulmfit.Ulmfit;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;
import org.ulmfit.predict.HeldOutAnswers;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.run.RunsListener;
import org.ulmfit.train.TrainingListener;

/** Rounds on tiny models: what they take, that they resume, and what they refuse. */
@Tag("engine")
class SelfTrainingTest {
  private static final String[][] TELLING = {
    {"dull", "broken", "rude", "slow", "cold"}, {"lovely", "bright", "kind", "quick", "warm"}
  };
  private static final String[] LABELS = {"neg", "pos"};

  @TempDir static Path shared;
  @TempDir Path dir;
  private static Path encoder;
  private final List<String> notes = new ArrayList<>();

  private static List<Document> documents(int n, long seed, boolean labelled) {
    Random random = new Random(seed);
    List<Document> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      StringBuilder text = new StringBuilder("film " + seed + " " + i);
      for (int w = 0; w < 4; w++) {
        text.append(' ').append(TELLING[i % 2][random.nextInt(5)]);
      }
      all.add(
          labelled ? Document.of(text.toString(), LABELS[i % 2]) : Document.of(text.toString()));
    }
    return all;
  }

  @BeforeAll
  static void trainLanguageModel() {
    encoder = shared.resolve("lm");
    Ulmfit.languageModel(Corpus.of(documents(120, 1, false)))
        .fromScratch()
        .device("cpu")
        .set("precision", "fp32")
        .set("model.embeddingSize", 12)
        .set("model.hiddenSize", 16)
        .set("vocab.minFreq", 1)
        .set("lm.batchSize", 8)
        .set("lm.bptt", 10)
        .set("lm.stages.0.epochs", 2)
        .into(encoder);
  }

  private static Recipe recipe(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "precision=fp32",
                "corpus.validFraction=0",
                "classifier.batchSize=8",
                "classifier.minSteps=80",
                "classifier.dropMult=0.1",
                "checkpoint.everySteps=5"));
    settings.addAll(List.of(more));
    return Recipes.load(null, settings);
  }

  private SelfTrainingJob job(Path out, boolean resume, Path teacher, String... more) {
    return new SelfTrainingJob(
        Corpus.of(documents(16, 2, true)).withTest(Corpus.of(documents(30, 3, true))),
        0,
        Corpus.of(documents(60, 4, true)),
        encoder,
        teacher,
        recipe(more),
        teacher == null ? List.of(.2, .4) : List.of(1.0),
        teacher == null ? List.of(1L, 2L) : List.of(1L),
        out,
        "cpu",
        resume,
        false,
        "ulmfit classify");
  }

  private SelfTrainingJob once(Path out, boolean resume, String... more) {
    SelfTrainingJob job = job(out, resume, null);
    List<String> brief = new ArrayList<>(List.of("classifier.minSteps=20"));
    brief.addAll(List.of(more));
    return new SelfTrainingJob(
        job.corpus(),
        0,
        job.unlabelled(),
        encoder,
        null,
        recipe(brief.toArray(String[]::new)),
        List.of(.4),
        List.of(1L),
        out,
        "cpu",
        resume,
        false,
        null);
  }

  private RunsListener listener(Stop stop, int stopAt) {
    int[] trainings = {0};
    return new RunsListener() {
      @Override
      public void note(String line) {
        notes.add(line);
      }

      @Override
      public TrainingListener training(List<Recipe.Phase> phases) {
        int own = ++trainings[0];
        return new TrainingListener() {
          @Override
          public void step(Step step) {
            if (own == stopAt && step.globalStep() == 7) {
              stop.request();
            }
          }
        };
      }
    };
  }

  private SelfTrainingReport run(SelfTrainingJob job) {
    return SelfTraining.run(job, listener(new Stop(), -1), new Stop());
  }

  private static String rounds(Path out) throws IOException {
    return Files.readString(out.resolve("selftrain.json")).replaceAll("\"seconds\" : [0-9.]+", "");
  }

  @Test
  void roundsTakeTheSurestTextsAndEndInOneModelThatAnswers() throws IOException {
    Path out = dir.resolve("rounds");
    SelfTrainingReport report = run(job(out, false, null));
    assertTrue(report.text().contains("16 labelled rows, 60 texts without labels, 30 test rows"));
    for (int round = 1; round <= 2; round++) {
      Path own = out.resolve("round-" + round);
      List<HeldOutAnswers.Row> taken = HeldOutAnswers.read(own.resolve("taken.jsonl")).rows();
      long pos = taken.stream().filter(row -> row.answer().equals(List.of("pos"))).count();
      assertTrue(
          !taken.isEmpty() && pos <= 6L * round && taken.size() - pos <= 6L * round, "" + taken);
      assertEquals(16 + taken.size(), Files.readAllLines(own.resolve("train.jsonl")).size());
      assertTrue(taken.get(0).id().startsWith("unlabelled/"), taken.get(0).id());
      assertEquals(1, taken.get(0).labels().size(), "a label that is known is told of");
    }
    try (TextClassifier model = TextClassifier.load(out, "cpu", null)) {
      assertEquals(List.of("neg", "pos"), model.labels());
      assertTrue(Files.isDirectory(out.resolve("classifier/members")));
      assertEquals("pos", model.predict("film 3 1 lovely bright kind warm").label());
    }
    assertTrue(Files.readString(out.resolve("report.html")).contains("<h1>Self-training"));
    assertTrue(notes.contains("round 2 of 2"), notes.toString());
    assertTrue(Files.exists(out.resolve("round-1/ngrams-5/classifier")), "asked fold by fold");
    assertFalse(Files.exists(out.resolve(".rows.next")));
  }

  /** So few that no five folds can be made of them, and no word of them comes twice. */
  @Test
  void fourLabelledRowsAreEnoughForASecondOpinion() {
    Path out = dir.resolve("four");
    SelfTrainingJob job = once(out, false);
    List<Document> four = documents(4, 2, true);
    SelfTrainingReport report =
        run(
            new SelfTrainingJob(
                Corpus.of(four).withTest(Corpus.of(documents(6, 3, true))),
                0,
                job.unlabelled(),
                encoder,
                null,
                job.recipe(),
                job.takes(),
                job.seeds(),
                out,
                "cpu",
                false,
                false,
                null));
    assertTrue(report.text().contains("4 labelled rows, 60 texts"), report.text());
    assertTrue(Files.isDirectory(out.resolve("classifier")));
  }

  /** One round of one model, stopped in its second training. */
  @Test
  void roundsThatWereStoppedEndAsThoseThatWereNot() throws IOException {
    Path out = dir.resolve("whole");
    run(once(out, false));
    String card = Files.readString(out.resolve("classifier/README.md"));
    assertFalse(card.contains("split: valid"), "nothing was set aside to measure on: " + card);
    assertFalse(card.contains("| valid |"), "rows it trained on were not set aside: " + card);
    assertFalse(Files.readString(out.resolve("classifier/metrics.json")).contains("valid."));
    Path stopped = dir.resolve("stopped");
    Stop stop = new Stop();
    UlmfitException e =
        assertThrows(
            UlmfitException.class,
            () -> SelfTraining.run(once(stopped, false), listener(stop, 3), stop));
    assertEquals(UlmfitException.Kind.INTERRUPTED, e.kind());
    UlmfitException filled = assertThrows(UlmfitException.class, () -> run(once(stopped, false)));
    assertTrue(filled.getMessage().contains("--resume"), filled.getMessage());
    UlmfitException other =
        assertThrows(
            UlmfitException.class, () -> run(once(stopped, true, "classifier.headSize=10")));
    assertTrue(other.getMessage().contains("was begun with other rows"), other.getMessage());
    run(once(stopped, true));
    assertEquals(rounds(out), rounds(stopped));
    assertArrayEquals(
        Files.readAllBytes(out.resolve("classifier/model.safetensors")),
        Files.readAllBytes(stopped.resolve("classifier/model.safetensors")));
  }

  @Test
  void aTeacherLabelsAllTextsOfTheFirstRound() throws IOException {
    Path teacher = dir.resolve("teacher");
    Ulmfit.classifier(Corpus.of(documents(80, 9, true)))
        .set("classifier.family", "ngram-nbsvm")
        .into(teacher);
    Path out = dir.resolve("taught");
    run(job(out, false, teacher));
    List<HeldOutAnswers.Row> taken = HeldOutAnswers.read(out.resolve("round-1/taken.jsonl")).rows();
    assertEquals(60, taken.size());
    assertFalse(Files.exists(out.resolve("round-0/ngrams")), "nobody else was asked");

    Path others = dir.resolve("others");
    List<Document> renamed =
        documents(80, 9, true).stream()
            .map(d -> new Document(d.id(), d.fields(), List.of("x" + d.labels().get(0))))
            .toList();
    Ulmfit.classifier(Corpus.of(renamed)).set("classifier.family", "ngram-nbsvm").into(others);
    Path never = dir.resolve("never");
    UlmfitException e = assertThrows(UlmfitException.class, () -> run(job(never, false, others)));
    assertTrue(e.getMessage().contains("train it on the same labels"), e.getMessage());
    assertFalse(Files.exists(never));
    SelfTrainingJob over = job(out, false, out);
    SelfTrainingJob replacing =
        new SelfTrainingJob(
            over.corpus(),
            0,
            over.unlabelled(),
            encoder,
            out,
            over.recipe(),
            over.takes(),
            over.seeds(),
            out,
            "cpu",
            false,
            true,
            null);
    e = assertThrows(UlmfitException.class, () -> run(replacing));
    assertTrue(e.getMessage().contains("this teacher lies in the folder"), e.getMessage());
    assertTrue(Files.exists(out.resolve("classifier/config.json")));
  }

  @Test
  void aPlanReadsRowsAndTextsAndWritesNothing() {
    Path out = dir.resolve("planned");
    List<String> plan =
        SelfTraining.plan(job(out, false, null), listener(new Stop(), -1), new Stop());
    assertEquals("labelled rows: 16; test rows: 30", plan.get(0));
    assertEquals("round 2: up to 24 of 60 texts", plan.get(2));
    assertTrue(plan.stream().anyMatch(line -> line.startsWith("memory:")), plan.toString());
    assertFalse(Files.exists(out));
  }

  @Test
  void whatCannotBeIsRefusedBeforeAnythingIsWritten() {
    Path out = dir.resolve("none");
    for (String[] bad :
        new String[][] {
          {"classifier.family=ngram-lr", "--family"},
          {"classifier.patience=2", "no rows are set aside"},
          {"checkpoint.best=save", "no rows are set aside"}
        }) {
      UlmfitException e =
          assertThrows(UlmfitException.class, () -> run(job(out, false, null, bad[0])));
      assertTrue(e.getMessage().contains(bad[1]), e.getMessage());
      assertFalse(Files.exists(out));
    }
  }

  @Test
  void ofEachLabelItsShareIsTakenFirstTheSurestOnWhichBothAgree() {
    List<String> labels = List.of("a", "b");
    float[][] p = {{.9f, .1f}, {.6f, .4f}, {.8f, .2f}, {.3f, .7f}, {.1f, .9f}, {.7f, .3f}};
    float[][] q = {{1, 0}, {1, 0}, {0, 1}, {0, 1}, {0, 1}, {1, 0}};
    Answers answers = new Answers(labels, p);
    long[] counts = {2, 1};
    float[][] never = {{0, 1}, {0, 1}, {0, 1}, {0, 1}, {0, 1}, {0, 1}};
    assertArrayEquals(
        new int[] {0, 2, 4}, Selection.of(answers, new Answers(labels, never), .5, counts));
    assertArrayEquals(
        new int[] {0, 4, 5}, Selection.of(answers, new Answers(labels, q), .5, counts));
    assertArrayEquals(new int[] {0, 2, 4}, Selection.of(answers, null, .5, counts));
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, Selection.of(answers, null, 1, counts));
    long[] rare = {1000, 1};
    assertArrayEquals(
        new int[] {0, 2, 4, 5}, Selection.of(answers, null, .5, rare), "of a rare label one");
    assertEquals(5 / 6.0, answers.agreement(new Answers(labels, q)));
  }
}
