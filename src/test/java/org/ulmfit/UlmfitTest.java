package org.ulmfit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;
import org.ulmfit.predict.EvaluationListener;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.train.Scores;
import org.ulmfit.train.TrainingListener;

/** The three stages from a program, on documents in memory. */
@Tag("engine")
class UlmfitTest {
  private static final String PHASES =
      "[{freezeTo: -1, epochs: 1, rates: {lr: 1.0e-2}, schedule: {kind: constant}},"
          + " {freezeTo: 0, epochs: 12, rates: {lr: 1.0e-2}, schedule: {kind: constant}}]";

  private static final Document TWO = new Document("", List.of("good", "lovely"), List.of("pos"));

  @TempDir Path dir;

  private static List<Document> documents(int n) {
    String[] good = {"a lovely film, good and bright", "we liked the good lovely thing"};
    String[] bad = {"a dull film, bad and broken", "we hated the bad dull thing"};
    return IntStream.range(0, n)
        .mapToObj(
            i ->
                i % 2 == 0
                    ? Document.of(good[i / 2 % 2], "pos")
                    : Document.of(bad[i / 2 % 2], "neg"))
        .toList();
  }

  private static Corpus corpus() {
    List<Document> train = new ArrayList<>(documents(40));
    train.add(Document.of("a film without a label"));
    return Corpus.of(train).withTest(Corpus.of(documents(8)));
  }

  private static LanguageModelBuilder languageModel() {
    return Ulmfit.languageModel(corpus())
        .fromScratch()
        .device("cpu")
        .set("precision", "fp32")
        .set("model.embeddingSize", 12)
        .set("model.hiddenSize", 16)
        .set("vocab.minFreq", 1)
        .set("lm.batchSize", 4)
        .set("lm.bptt", 10)
        .set("lm.stages.0.epochs", 1);
  }

  private static ClassifierBuilder classifier(TrainedLanguageModel lm) {
    return classifier(lm, corpus());
  }

  private static ClassifierBuilder classifier(TrainedLanguageModel lm, Corpus corpus) {
    return Ulmfit.classifier(corpus)
        .encoder(lm)
        .device("cpu")
        .set("precision", "fp32")
        .set("classifier.batchSize", 4)
        .set("classifier.dropMult", 0.1)
        .set("classifier.minSteps", 0)
        .set("classifier.stages", PHASES);
  }

  private static byte[] weights(Path run) throws IOException {
    return Files.readAllBytes(run.resolve("classifier/model.safetensors"));
  }

  @Test
  void aProgramThatTrainsStopsResumesEvaluatesAndPredictsFromMemory() throws IOException {
    TrainedLanguageModel lm = languageModel().into(dir.resolve("lm"));
    assertTrue(lm.before().isEmpty());
    assertTrue(lm.perplexity() > 1 && Files.exists(lm.report()), lm.toString());
    assertEquals(8, corpus().test().documents().size());
    assertTrue(lm.evaluate(Corpus.of(documents(30))).items() > 50);

    List<String> plan = classifier(lm).plan();
    assertTrue(plan.contains("labels: neg, pos"), plan.toString());
    TrainedClassifier whole = classifier(lm).into(dir.resolve("whole"));

    Stop stop = new Stop();
    List<String> notes = new ArrayList<>();
    TrainingListener stopping =
        new TrainingListener() {
          @Override
          public void step(Step step) {
            if (step.globalStep() == 12) {
              stop.request();
            }
          }

          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    Path run = dir.resolve("run");
    UlmfitException stopped =
        assertThrows(
            UlmfitException.class, () -> classifier(lm).listener(stopping).stop(stop).into(run));
    assertEquals(UlmfitException.Kind.INTERRUPTED, stopped.kind());
    assertTrue(notes.get(0).startsWith("text: tokenizer spacy-3 ("), notes.toString());
    assertEquals("41 documents in memory", notes.get(1));
    TrainedLanguageModel other =
        languageModel().set("lm.stages.0.epochs", 2).into(dir.resolve("other"));
    UlmfitException start =
        assertThrows(UlmfitException.class, () -> classifier(other).resume().into(run));
    assertTrue(start.getMessage().contains("another recipe, corpus, vocabulary or start"));
    TrainedClassifier trained = classifier(lm).resume().into(run);
    assertArrayEquals(weights(dir.resolve("whole")), weights(run));
    assertEquals(whole.valid(), trained.valid());
    assertEquals(1, trained.test().orElseThrow().accuracy());
    UlmfitException fields =
        assertThrows(
            UlmfitException.class,
            () ->
                classifier(lm, Corpus.of(documents(40)).withTest(Corpus.of(List.of(TWO))))
                    .into(dir.resolve("x")));
    assertTrue(fields.getMessage().contains("2 texts a document"), fields.getMessage());

    try (TextClassifier open = trained.open("cpu")) {
      assertThrows(UlmfitException.class, () -> open.evaluate(Corpus.of(List.of(TWO))));
      assertThrows(
          UlmfitException.class,
          () -> open.evaluate(Corpus.of(documents(6)), -1, new EvaluationListener() {}));
      assertEquals(1, open.evaluate(Corpus.of(List.of(Document.of("good", " pos ")))).rows());
      assertEquals("pos", open.predict("a good, lovely thing").label());
      Scores scores = open.evaluate(Corpus.of(documents(6)));
      assertEquals(6, scores.rows());
      assertEquals(1, scores.accuracy());
    }
  }

  @Test
  void aStopBeforeTrainingLeavesNothing() {
    Stop stop = new Stop();
    stop.request();
    Path run = dir.resolve("run");
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> languageModel().stop(stop).into(run));
    assertEquals(UlmfitException.Kind.INTERRUPTED, e.kind());
    assertTrue(e.getMessage().contains("nothing was lost"), e.getMessage());
    assertFalse(Files.exists(run));
  }

  /** Both would draw from the engine's one generator. */
  @Test
  void aSecondTrainingBesideAnotherIsRefused() {
    List<String> refusals = new ArrayList<>();
    TrainingListener second =
        new TrainingListener() {
          @Override
          public void phase(PhaseStart start) {
            UlmfitException e =
                assertThrows(
                    UlmfitException.class, () -> languageModel().into(dir.resolve("second")));
            refusals.add(e.getMessage());
            assertThrows(UlmfitException.class, () -> languageModel().plan());
          }
        };
    languageModel().listener(second).into(dir.resolve("first"));
    assertFalse(refusals.isEmpty());
    assertTrue(refusals.get(0).startsWith("another training runs in this JVM"), refusals.get(0));
    assertFalse(Files.exists(dir.resolve("second")));
    languageModel().into(dir.resolve("second"));
  }

  /** As by {@code Future.cancel(true)} or {@code ExecutorService.shutdownNow()}. */
  @Test
  void anInterruptIsARequestToStop() {
    Thread training = Thread.currentThread();
    TrainingListener interrupting =
        new TrainingListener() {
          @Override
          public void step(Step step) {
            if (step.globalStep() == 3) {
              training.interrupt();
            }
          }
        };
    Path run = dir.resolve("run");
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> languageModel().listener(interrupting).into(run));
    assertFalse(Thread.interrupted());
    assertEquals(UlmfitException.Kind.INTERRUPTED, e.kind(), e.getMessage());
    assertTrue(e.getMessage().contains("checkpoint saved"), e.getMessage());

    UlmfitException turned =
        assertThrows(UlmfitException.class, () -> languageModel().backwards().resume().into(run));
    assertEquals(UlmfitException.Kind.USAGE, turned.kind(), turned.getMessage());
    languageModel().resume().into(run);

    training.interrupt(); // as it begins, of what has no steps
    UlmfitException early =
        assertThrows(
            UlmfitException.class,
            () -> Ulmfit.classifier(corpus()).recipe("ngram-nbsvm").into(dir.resolve("ngrams")));
    assertFalse(Thread.interrupted());
    assertEquals(UlmfitException.Kind.INTERRUPTED, early.kind(), early.getMessage());
  }

  @Test
  void whatALanguageModelDoesNotReadIsRefused() {
    UlmfitException e =
        assertThrows(
            UlmfitException.class,
            () -> languageModel().set("network.vectors", "glove.txt").into(dir.resolve("run")));
    assertTrue(e.getMessage().contains("network.vectors"), e.getMessage());
    assertEquals(UlmfitException.Kind.USAGE, e.kind());
    UlmfitException limit =
        assertThrows(
            UlmfitException.class,
            () -> Ulmfit.ensemble(List.of(dir, dir)).limit(5).into(dir.resolve("pair")));
    assertTrue(limit.getMessage().startsWith("a limit is for the rows"), limit.getMessage());
  }

  /** Not after hours in the phases before. */
  @Test
  void aPhaseThatCannotBeIsRefusedBeforeAnyStep() {
    List<Object> steps = new ArrayList<>();
    TrainingListener counting =
        new TrainingListener() {
          @Override
          public void step(Step step) {
            steps.add(step);
          }
        };
    String phase =
        "{freezeTo: 0, epochs: 1, rates: {list: [1.0e-3, 1.0e-2%s]}, schedule: {kind: constant}}";
    String phases = "[" + phase.formatted(", 1, 1") + ", " + phase.formatted("") + "]";
    LanguageModelBuilder wrong = languageModel().set("lm.stages", phases).listener(counting);
    for (Executable call : List.<Executable>of(() -> wrong.into(dir.resolve("x")), wrong::plan)) {
      UlmfitException e = assertThrows(UlmfitException.class, call);
      assertEquals(UlmfitException.Kind.USAGE, e.kind());
      assertTrue(e.getMessage().startsWith("lm: phase 2 of 2: rates.list"), e.getMessage());
    }
    assertTrue(steps.isEmpty());
    assertThrows(UlmfitException.class, () -> languageModel().set("lm.batchSize", 400).plan());
  }

  @Test
  void everyOptionIsHeard() {
    Path first = dir.resolve("first");
    languageModel().into(first);
    List<String> half = languageModel().limit(20).plan();
    assertTrue(half.get(0).startsWith("train: 20 documents"), half.get(0));
    assertThrows(UlmfitException.class, () -> languageModel().limit(-1).plan());
    LanguageModelBuilder again =
        Ulmfit.languageModel(corpus())
            .pretrained(first)
            .recipe("quickstart")
            .seed(7)
            .device("cpu")
            .set("precision", "fp32")
            .set("vocab.minFreq", 1)
            .set("lm.batchSize", 4)
            .set("lm.bptt", 10)
            .set("lm.stages.0.epochs", 1);
    Path second = dir.resolve("second");
    TrainedLanguageModel lm = again.into(second);
    assertTrue(lm.before().orElseThrow().loss() > lm.after().loss(), lm.toString());
    assertThrows(UlmfitException.class, () -> again.into(second));
    assertEquals(lm.after(), again.overwrite().into(second).after());
    assertThrows(UlmfitException.class, () -> again.backwards().plan());
    assertEquals(
        Ulmfit.evaluate(second, Corpus.of(documents(30))), lm.evaluate(Corpus.of(documents(30))));
  }

  /** What a program has that adds natives alone: no library that draws, none of the commands'. */
  @Test
  void aProgramWithoutTheOptionalLibrariesTrains() throws Exception {
    String[] absent = {"xchart|VectorGraphics2D|animated-gif-lib|pdfbox", "VectorGraphics2D"};
    for (String names : absent) {
      Pattern left = Pattern.compile("(" + names + "|picocli|slf4j-simple|icu4j)[^/]*\\.jar$");
      String classPath =
          Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
              .filter(entry -> !left.matcher(entry).find())
              .collect(Collectors.joining(File.pathSeparator));
      Path run = dir.resolve("without-" + names.length());
      Process process =
          new ProcessBuilder(
                  JavaCommand.of(
                      List.of("-Xmx512m"), classPath, Embedding.class, List.of(run.toString())))
              .redirectErrorStream(true)
              .start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), out);
      assertTrue(out.contains("report " + run.resolve("report/report.md")), out);
      assertFalse(Files.readString(run.resolve("report/report.md")).contains(".png"));
    }
  }

  /** The program. */
  static final class Embedding {
    public static void main(String[] args) {
      System.out.println("report " + languageModel().into(Path.of(args[0])).report());
    }
  }

  @Test
  void whatIsMissingIsNamed() {
    Corpus corpus = corpus();
    for (Runnable missing :
        List.<Runnable>of(
            () -> Ulmfit.classifier(corpus).into(dir.resolve("x")),
            () -> Ulmfit.languageModel(corpus).into(dir.resolve("x")),
            () -> languageModel().set("lm.batchSise", 3).into(dir.resolve("x")))) {
      UlmfitException e = assertThrows(UlmfitException.class, missing::run);
      assertEquals(UlmfitException.Kind.USAGE, e.kind(), e.getMessage());
    }
    assertFalse(Files.exists(dir.resolve("x")));
    assertThrows(UlmfitException.class, () -> Corpus.of(List.of()));
    String noText = null;
    NullPointerException text =
        assertThrows(NullPointerException.class, () -> Document.of(noText, "pos"));
    assertEquals("the text of a document is null", text.getMessage());
    Document two = new Document("", List.of("a", "b"), List.of());
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> Corpus.of(List.of(Document.of("a"), two)));
    assertTrue(e.getMessage().contains("document 2 has 2 fields"), e.getMessage());
    Corpus unlabelled = Corpus.of(List.of(Document.of("a"), Document.of("b")));
    TrainedLanguageModel lm = languageModel().into(dir.resolve("lm"));
    UlmfitException none =
        assertThrows(
            UlmfitException.class,
            () -> Ulmfit.classifier(unlabelled).encoder(lm).into(dir.resolve("x")));
    assertTrue(none.getMessage().contains("Document.of(text, label)"), none.getMessage());
    assertFalse(Files.exists(dir.resolve("x")));
  }
}
