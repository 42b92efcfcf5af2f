package org.ulmfit.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Ulmfit;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.ClassifierTraining;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.Sums;
import org.ulmfit.lm.LmFineTuning;
import org.ulmfit.lm.LmStart;
import org.ulmfit.nn.LiveArrays;
import org.ulmfit.run.TestRuns;
import org.ulmfit.train.TrainingListener;

/** From a CSV file through both stages to a saved classifier, and what it answers. */
@Tag("engine")
class TextClassifierTest {

  private static final String CONSTANT = "rates: {lr: 1.0e-2}, schedule: {kind: constant}}";

  @TempDir static Path dir;
  private static TextClassifier classifier;
  private static List<String> texts;

  private static Recipe recipe() {
    return Recipes.parse(
        "{}",
        "test",
        List.of(
            "model.embeddingSize=8",
            "model.hiddenSize=10",
            "vocab.minFreq=1",
            "lm.batchSize=4",
            "lm.bptt=10",
            "classifier.batchSize=8",
            "classifier.bptt=6",
            "checkpoint.everyMinutes=0",
            "lm.stages=[{freezeTo: 0, epochs: 1, " + CONSTANT + "]",
            "classifier.stages=[{freezeTo: -1, epochs: 1, "
                + CONSTANT
                + ", {freezeTo: 0, epochs: 2, "
                + CONSTANT
                + "]"));
  }

  private static final String[] GOOD = {"good", "lovely", "bright", "kind"};
  private static final String[] BAD = {"bad", "dull", "broken", "rude"};
  private static final String[] PLAIN = {"the", "film", "was", "a", "shop", "phone", "and", "we"};

  private static List<String> texts(int n, Random random) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      String[] telling = i % 2 == 0 ? GOOD : BAD;
      StringBuilder text = new StringBuilder();
      for (int w = 4 + random.nextInt(18); w > 0; w--) {
        String[] from = random.nextInt(3) == 0 ? telling : PLAIN;
        text.append(from[random.nextInt(from.length)]).append(' ');
      }
      all.add(text.toString().trim());
    }
    return all;
  }

  @BeforeAll
  static void train() throws IOException {
    texts = texts(90, new Random(1));
    StringBuilder csv = new StringBuilder("label,text\n");
    for (int i = 0; i < texts.size(); i++) {
      csv.append(i % 2 == 0 ? "good," : "bad,").append(texts.get(i)).append('\n');
    }
    Path corpus = Files.writeString(dir.resolve("corpus.csv"), csv);
    TrainingListener quiet = new TrainingListener() {};
    Corpus labelled = Corpus.at(corpus);
    TestRuns.run(new LmFineTuning(labelled, 0, LmStart.RANDOM, recipe()), dir.resolve("lm"), quiet);
    TestRuns.run(
        ClassifierTraining.on(dir.resolve("lm"), labelled, 0, recipe()),
        dir.resolve("classify"),
        quiet);
    classifier = TextClassifier.load(dir.resolve("classify"), "cpu", null);
  }

  @AfterAll
  static void close() {
    classifier.close();
  }

  @Test
  void aPredictionIsWhole() {
    Prediction p = classifier.predict("the film was lovely");
    assertEquals(classifier.labels(), List.copyOf(p.probabilities().keySet()));
    assertEquals(List.of("bad", "good"), classifier.labels());
    double sum = p.probabilities().values().stream().mapToDouble(Double::doubleValue).sum();
    assertEquals(1, sum, 1e-6);
    assertEquals(p.probability(), p.probabilities().get(p.label()));
    assertEquals(Collections.max(p.probabilities().values()), p.probability());
    assertEquals(2, p.logits().length);
  }

  /** The empty text and a text of unknown words have an answer too. */
  @Test
  void everyTextHasAnAnswer() {
    for (String text : new String[] {"", " ", "\n\n", "qwxz", "😀", "a ".repeat(3000)}) {
      double p = classifier.predict(text).probability();
      assertTrue(p >= .5 && p <= 1, "\"" + text + "\": " + p);
    }
  }

  @Test
  void answersComeInInputOrder() {
    List<Prediction> straight = classifier.predict(texts);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(2));
    List<Prediction> shuffled = classifier.predict(order.stream().map(texts::get).toList());
    for (int i = 0; i < order.size(); i++) {
      assertArrayEquals(
          straight.get(order.get(i)).logits(), shuffled.get(i).logits(), 1e-5f, "text " + i);
    }
  }

  /** Four threads at once, singly and in batches, answer what one thread answers. */
  @Test
  void predictsFromManyThreads() throws Exception {
    List<Prediction> expected = texts.stream().map(classifier::predict).toList();
    long before = LiveArrays.all();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<Prediction>>> answers = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        boolean singly = t % 2 == 0;
        Callable<List<Prediction>> job =
            () ->
                singly
                    ? texts.stream().map(classifier::predict).toList()
                    : classifier.predict(texts);
        answers.add(pool.submit(job));
        answers.add(pool.submit(job));
      }
      for (Future<List<Prediction>> answer : answers) {
        for (int i = 0; i < texts.size(); i++) {
          assertArrayEquals(expected.get(i).logits(), answer.get().get(i).logits(), 1e-5f);
          assertEquals(expected.get(i).label(), answer.get().get(i).label());
        }
      }
    } finally {
      pool.shutdownNow();
    }
    assertEquals(before, LiveArrays.all(), "predicting keeps arrays");
  }

  @Test
  void loadedAgainItAnswersTheSameBits() {
    try (TextClassifier again =
        TextClassifier.load(dir.resolve("classify/classifier"), "cpu", null)) {
      for (String text : texts.subList(0, 10)) {
        assertArrayEquals(classifier.predict(text).logits(), again.predict(text).logits());
      }
    }
  }

  @Test
  void anArithmeticThatThereIsNotIsRefused() {
    UlmfitException e =
        assertThrows(
            UlmfitException.class,
            () -> TextClassifier.load(dir.resolve("classify"), "cpu", "fp16"));
    assertEquals("precision fp16: expected fp32, bf16 or auto", e.getMessage());
  }

  @Test
  void aFolderWithoutAClassifierIsRefusedInOneLine() {
    UlmfitException error =
        assertThrows(UlmfitException.class, () -> TextClassifier.load(dir.resolve("nothing")));
    assertFalse(error.getMessage().contains("\n"));
    assertTrue(error.getMessage().contains("nothing"), error.getMessage());
    assertThrows(UlmfitException.class, () -> TextClassifier.load(dir.resolve("lm/encoder")));
  }

  @Test
  void aTextThatIsNullIsNamed() {
    String none = null;
    List<String> second = Arrays.asList("good", null);
    assertEquals("the text to classify is null", nullMessage(() -> classifier.predict(none)));
    assertEquals("text 2 of 2 to classify is null", nullMessage(() -> classifier.predict(second)));
    assertEquals(
        "row 2 of 2 to classify is null or has a null field",
        nullMessage(
            () ->
                classifier.predictFields(List.of(List.of("good"), Arrays.asList((String) null)))));
    assertEquals(
        "row 1 of 1 to classify is null or has a null field",
        nullMessage(() -> classifier.predictFields(Collections.singletonList(null))));
    assertEquals(
        "the texts to classify are null",
        nullMessage(() -> classifier.predict((List<String>) null)));
    assertEquals(
        "the rows to classify are null", nullMessage(() -> classifier.predictFields(null)));
  }

  private static String nullMessage(Executable call) {
    return assertThrows(NullPointerException.class, call).getMessage();
  }

  /** Calls under way end well, later ones are told, and nothing stays in native memory. */
  @Test
  void closingWaitsForCallsAndRefusesLaterOnes() throws Exception {
    int managers = LiveArrays.managers();
    long arrays = LiveArrays.all();
    TextClassifier mine = TextClassifier.load(dir.resolve("classify"), "cpu", null);
    CountDownLatch begun = new CountDownLatch(4);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<String>> ends = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        ends.add(
            pool.submit(
                () -> {
                  try {
                    while (true) {
                      mine.predict(texts);
                      begun.countDown();
                    }
                  } catch (RuntimeException e) {
                    return e.getMessage();
                  }
                }));
      }
      begun.await();
      mine.close();
      for (Future<String> end : ends) {
        assertEquals("the classifier is closed", end.get());
      }
    } finally {
      pool.shutdownNow();
    }
    mine.close();
    assertThrows(
        IllegalStateException.class, () -> mine.evaluate(Corpus.at(dir.resolve("corpus.csv"))));
    assertEquals(managers, LiveArrays.managers());
    assertEquals(arrays, LiveArrays.all());
  }

  /** It would wait for itself. */
  @Test
  void closingFromWithinACallIsRefused() {
    EvaluationListener closing =
        new EvaluationListener() {
          @Override
          public void note(String line) {
            classifier.close();
          }
        };
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> classifier.evaluate(Corpus.at(dir.resolve("corpus.csv")), 10, closing));
    assertTrue(e.getMessage().contains("within a call"), e.getMessage());
    assertEquals("good", classifier.predict("lovely good kind bright lovely good").label());
  }

  @Test
  void weightsThatAreRefusedLeaveNothingOpen() throws IOException {
    Path broken = dir.resolve("broken");
    copy(dir.resolve("classify/classifier"), broken);
    Path file = broken.resolve("model.safetensors");
    String weights = Files.readString(file, StandardCharsets.ISO_8859_1);
    Files.writeString(
        file,
        weights.replace("1.layers.1.2.weight", "1.layers.1.2.wEight"),
        StandardCharsets.ISO_8859_1);
    Sums.renew(broken);
    int managers = LiveArrays.managers();
    long arrays = LiveArrays.all();
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> TextClassifier.load(broken, "cpu", null));
    assertTrue(e.getMessage().contains("1.layers.1.2.weight"), e.getMessage());
    assertEquals(managers, LiveArrays.managers());
    assertEquals(arrays, LiveArrays.all());
  }

  /** A model knows all that its answers depend on: the recipe it keeps only tells of its past. */
  @Test
  void aRecipeOfAnotherVersionDoesNotShutAModel() throws IOException {
    Path old = dir.resolve("old");
    copy(dir.resolve("classify/classifier"), old);
    Path recipe = old.resolve("recipe.yaml");
    Files.writeString(recipe, Files.readString(recipe).replace("batchSize:", "sizeOfBatches:"));
    Sums.renew(old);
    assertThrows(UlmfitException.class, () -> Recipes.load(recipe, List.of()));
    try (TextClassifier again = TextClassifier.load(old, "cpu", null)) {
      assertArrayEquals(
          classifier.predict(texts.get(0)).logits(), again.predict(texts.get(0)).logits());
      assertEquals(90, again.evaluate(Corpus.at(dir.resolve("corpus.csv"))).rows());
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void wordsAreNeverWeighedByAnotherModel(@TempDir Path folder) throws IOException {
    List<Document> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(Document.of((i % 2 == 0 ? "lovely bright " : "dull broken ") + i, "c" + i % 2));
    }
    Path one = folder.resolve("one");
    Path other = folder.resolve("other");
    Ulmfit.classifier(Corpus.of(rows)).recipe("ngram-lr").into(one);
    Ulmfit.classifier(Corpus.of(rows.subList(0, 30))).recipe("ngram-lr").into(other);
    Path model = one.resolve("classifier");
    String words;
    try (TextClassifier opened = TextClassifier.load(one)) {
      words = weights(opened.explain("lovely 4 dull"));
    }
    try (TextClassifier opened = TextClassifier.load(one)) {
      String label = opened.predict("lovely").label();
      AtomicFiles.deleteTree(model);
      Files.move(other.resolve("classifier"), model);
      assertEquals(label, opened.predict("lovely").label());
      assertEquals(
          words, weights(opened.explain("lovely 4 dull")), "those of the model that answers");
    }
    try (TextClassifier again = TextClassifier.load(one)) {
      assertNotEquals(words, weights(again.explain("lovely 4 dull")));
    }
  }

  private static String weights(Explanation explanation) {
    return explanation.most(3).stream()
        .map(word -> word.text() + " " + word.weight())
        .collect(Collectors.joining(", "));
  }
}
