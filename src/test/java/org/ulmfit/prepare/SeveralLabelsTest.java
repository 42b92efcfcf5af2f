package org.ulmfit.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.CorpusOptions.OnBadRow;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.LabelForm;
import org.ulmfit.text.Rules;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.TokenStoreWriter;
import org.ulmfit.vocab.Vocab;

/** Rows with several labels from the file to the token stores. */
class SeveralLabelsTest {
  private static final CorpusOptions AUTO = CorpusOptions.defaults();

  @TempDir Path dir;
  private final List<String> progress = new ArrayList<>();

  /** Labels a, b of every second and third row, r of two; every tenth row is not labelled. */
  private static List<Document> documents() {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      List<String> labels = new ArrayList<>();
      if (i % 2 == 0) {
        labels.add("b");
      }
      if (i % 3 == 0) {
        labels.add("a");
      }
      if (i == 8 || i == 51) {
        labels.add("r");
      }
      documents.add(
          new Document("d" + i, List.of("the film number" + i), i % 10 == 7 ? null : labels));
    }
    return documents;
  }

  @Test
  void storesHoldTheLabelsOfEachRow() {
    Recipe recipe = Recipes.recipe(Rules.NONE, Recipe.Standardise.PLAIN, false, 0.2, 0.2);
    try (PreparedClassifier data = classifier(recipe, Corpus.of(documents()), 0)) {
      assertEquals(Labelling.MULTI, data.labelling());
      assertEquals(List.of("a", "b", "r"), data.labels());
      Map<String, List<String>> stored = new TreeMap<>();
      for (TokenStore store : List.of(data.train(), data.valid(), data.test())) {
        IntStream.range(0, store.size())
            .forEach(doc -> stored.put(store.id(doc), labels(store, doc, data.labels())));
      }
      Map<String, List<String>> wanted = new TreeMap<>();
      documents().stream()
          .filter(document -> document.labels() != null)
          .forEach(d -> wanted.put(d.id(), d.labels().stream().sorted().toList()));
      assertEquals(wanted, stored);
      assertEquals(18, data.test().size());
      assertEquals(14, data.valid().size());
      assertTrue(count(data.train(), 2) == 1, "a rare label trains");
      assertEquals(1, count(data.test(), 2));
      assertTrue(
          data.summary().notes().contains("labelled with none: 26; unlabelled: 10"),
          data.summary().notes().toString());
      assertTrue(
          progress.contains(
              "task: several labels a row (document 1 has more than one label);"
                  + " Corpus.withLabelling(Labelling.SINGLE) says otherwise"));
    }
    try (PreparedClassifier again =
        classifier(recipe, Corpus.at(dir.resolve("out")), dir.resolve("again"), 20)) {
      assertEquals(Labelling.MULTI, again.labelling());
      assertEquals(20, again.train().size());
      assertEquals(1, count(again.train(), 2), "a sample has every label");
      assertEquals(14, again.valid().size());
    }
  }

  @Test
  void theSameRowsAreHeldOutOfFileAndMemory() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Document d : documents()) {
      String labels =
          d.labels() == null
              ? "null"
              : d.labels().stream().map(l -> '"' + l + '"').toList().toString();
      lines.append(
          "{\"id\":\"%s\",\"text\":\"%s\",\"labels\":%s}\n"
              .formatted(d.id(), d.fields().get(0), labels));
    }
    Path file = Files.writeString(dir.resolve("a.jsonl"), lines);
    try (PreparedClassifier one = classifier(Recipes.plain(), Corpus.of(documents()), 0);
        PreparedClassifier two =
            classifier(Recipes.plain(), Corpus.at(file), dir.resolve("file"), 0)) {
      assertEquals(ids(one.valid()), ids(two.valid()));
      assertEquals(ids(one.train()), ids(two.train()));
    }
  }

  @Test
  void anotherTaskOrOtherNamesAreAnotherPreparation() throws IOException {
    Path file = write("a.csv", table("0", "0;1", "1", "", "0", "1"));
    CorpusOptions cells = AUTO.withLabelSeparator(";");
    classifier(Recipes.plain(), Corpus.at(file, cells), 0).close();
    progress.clear();
    classifier(Recipes.plain(), Corpus.at(file, cells), 0).close();
    assertTrue(progress.toString().contains("using the prepared data"));
    Path names = write("names.txt", "joy\nlove\n");
    for (CorpusOptions other :
        List.of(AUTO, AUTO.withLabelling(Labelling.MULTI), cells.withLabelNames(names))) {
      progress.clear();
      classifier(Recipes.plain(), Corpus.at(file, other), 0).close();
      assertTrue(progress.toString().contains("prepared otherwise than asked now"), "" + other);
    }
    write("names.txt", "joy\nfear\n");
    try (PreparedClassifier data =
        classifier(Recipes.plain(), Corpus.at(file, cells.withLabelNames(names)), 0)) {
      assertEquals(List.of("joy", "fear"), data.labels());
    }
    List<Document> none = List.of(Document.of("a b"), Document.of("c", "x"), Document.of("d", "y"));
    List<Document> empty = new ArrayList<>(none);
    empty.set(0, Document.of("a b", List.of()));
    Map<String, String> one = fingerprint(Corpus.of(none).withLabelling(Labelling.MULTI));
    assertFalse(one.equals(fingerprint(Corpus.of(empty).withLabelling(Labelling.MULTI))));
    assertEquals(one, fingerprint(Corpus.of(none).withLabelling(Labelling.MULTI)));
  }

  private static Map<String, String> fingerprint(Corpus corpus) {
    return Fingerprint.of(corpus, Recipes.plain(), null, List.of(), 0);
  }

  @Test
  void declaredLabelsKeepTheirOrderAndAreAllThere() throws IOException {
    Path names = write("names.txt", "joy\nfear\nanger\n");
    Path file = write("a.csv", table("0", "0;2", "2", "0;2", "0;2", "2"));
    CorpusOptions options = AUTO.withLabelSeparator(";").withLabelNames(names);
    try (PreparedClassifier data = classifier(Recipes.plain(), Corpus.at(file, options), 0)) {
      assertEquals(List.of("joy", "fear", "anger"), data.labels());
      assertEquals(
          new LabelForm(List.of(), ";", List.of("joy", "fear", "anger")),
          data.summary().columns().labels());
      assertTrue(
          data.summary().notes().toString().contains("WARNING: never trained: fear; never"),
          data.summary().notes().toString());
    }
    Path flags = write("b.csv", "z,text,a\n1,one,1\n1,two,0\n1,three,1\n1,four,0\n1,five,1\n");
    CorpusOptions columns = AUTO.withLabelColumns(List.of("z", "a"));
    try (PreparedClassifier data = classifier(Recipes.plain(), Corpus.at(flags, columns), 0)) {
      assertEquals(List.of("z", "a"), data.labels());
      assertTrue(
          data.summary()
              .notes()
              .contains("WARNING: every training row has z: nothing can be learned of that"),
          data.summary().notes().toString());
    }
  }

  @Test
  void oneLabelThatSomeRowsHaveIsEnough() throws IOException {
    Path file = write("a.csv", "text,spam\none,1\ntwo,0\nthree,1\nfour,0\nfive,0\n");
    CorpusOptions spam = AUTO.withLabelColumns(List.of("spam"));
    try (PreparedClassifier data = classifier(Recipes.plain(), Corpus.at(file, spam), 0)) {
      assertEquals(List.of("spam"), data.labels());
      String notes = data.summary().notes().toString();
      assertTrue(notes.contains("2 to validate (one is 50.0% of the subset accuracy)"), notes);
    }
    Path never = write("b.csv", "text,spam\none,0\ntwo,0\n");
    refused(
        "no training document has any of the labels (spam); there is nothing to learn",
        () -> classifier(Recipes.plain(), Corpus.at(never, spam), 0));
  }

  // A label that training never saw

  @Test
  void rowsOfUnknownLabelsAreCountedAndNamed() throws IOException {
    Path train = write("a.csv", table("x", "x;y", "y", "", "x", "y"));
    Path test = write("b.csv", table("x;new", "x", "other", "new"));
    CorpusOptions cells = AUTO.withLabelSeparator(";");
    Corpus corpus = Corpus.at(train, cells).withTest(Corpus.at(test, cells));
    refused(
        "b.csv:2: label 'new' is none of those known from training (x, y); 3 rows have such labels:"
            + " new, other; correct them, leave such rows out with --on-bad-row skip, or train with"
            + " documents of them",
        () -> classifier(Recipes.plain(), corpus, 0));

    CorpusOptions skip = cells.withOnBadRow(OnBadRow.SKIP);
    Corpus skipped = Corpus.at(train, skip).withTest(Corpus.at(test, skip));
    try (PreparedClassifier data = classifier(Recipes.plain(), skipped, 0)) {
      assertEquals(1, data.test().size());
      CorpusSummary summary = data.summary();
      assertEquals(10, summary.rows());
      assertEquals(7, summary.used());
      assertEquals(3, summary.rejected());
      assertEquals(3, Files.readAllLines(dir.resolve("out/rejected.jsonl")).size());
      assertTrue(
          summary
              .notes()
              .toString()
              .contains(
                  "rejected " + test + ":2: label 'new' is none of those known from training"),
          summary.notes().toString());
    }
    Path lost = write("c.csv", table("new", "x;other"));
    refused(
        "no row of the test split is left (2 are left out; " + lost + ":2: label 'new' is none of",
        () ->
            classifier(Recipes.plain(), Corpus.at(train, skip).withTest(Corpus.at(lost, skip)), 0));
    List<Document> some =
        List.of(
            Document.of("one", "p"),
            Document.of("two", "q"),
            Document.of("three", "q"),
            Document.of("four", "p"));
    Corpus memory =
        Corpus.of(some, OnBadRow.SKIP)
            .withTest(Corpus.of(List.of(Document.of("five", "z"), Document.of("six", "p"))));
    try (PreparedClassifier data = classifier(Recipes.plain(), memory, dir.resolve("memory"), 0)) {
      assertEquals(1, data.test().size(), "one label a row, too");
    }
  }

  @Test
  void emptyListsAreToldWhereARowHasOneLabel() throws IOException {
    Path file =
        write(
            "a.jsonl",
            "{\"text\":\"a\",\"labels\":[\"x\"]}\n{\"text\":\"b\",\"labels\":[\"y\"]}\n"
                + "{\"text\":\"c\",\"labels\":[]}\n{\"text\":\"d\",\"labels\":[\"x\",\"x\"]}\n"
                + "{\"text\":\"e\",\"labels\":[\"y\"]}\n");
    try (PreparedClassifier data = classifier(Recipes.plain(), Corpus.at(file), 0)) {
      assertEquals(Labelling.SINGLE, data.labelling());
      List<String> notes = data.summary().notes();
      assertTrue(
          notes.contains(
              "1 rows with an empty list of labels were taken as unlabelled; --task multi takes"
                  + " them as labelled with none"),
          notes.toString());
      assertTrue(notes.contains("1 rows name a label twice; it counts once"), notes.toString());
    }
  }

  // For an existing model

  @Test
  void evaluationReadsAsTheModelWasTrained() throws IOException {
    Path file =
        write("a.jsonl", "{\"text\":\"a\",\"labels\":[\"y\"]}\n{\"text\":\"b\",\"labels\":[]}\n");
    try (PreparedClassifier data = classifier(Recipes.plain(), Corpus.of(documents()), 0)) {
      try (TokenStore store = evaluation(Corpus.at(file), data, Labelling.MULTI, 0)) {
        assertEquals(2, store.size());
        assertEquals(List.of("y"), labels(store, 0, List.of("x", "y")));
        assertEquals(0, store.labels(1).length);
      }
      try (TokenStore store = evaluation(Corpus.at(file), data, Labelling.SINGLE, 0)) {
        assertEquals(1, store.size(), "[] is not labelled");
      }
      Path both = write("b.jsonl", "{\"text\":\"a\",\"labels\":[\"y\",\"x\"]}\n");
      refused(
          "row 1: 2 labels (y, x), where a row has one (as in training)",
          () -> evaluation(Corpus.at(both), data, Labelling.SINGLE, 0));
      refused(
          "--task single: training was on several labels a row",
          () ->
              evaluation(
                  Corpus.at(both).withLabelling(Labelling.SINGLE), data, Labelling.MULTI, 0));
    }
  }

  private TokenStore evaluation(
      Corpus corpus, PreparedClassifier data, Labelling labelling, int limit) {
    return evaluation(corpus, data.vocab(), List.of("x", "y"), labelling, limit);
  }

  private TokenStore evaluation(
      Corpus corpus, Vocab vocab, List<String> labels, Labelling labelling, int limit) {
    Recipe recipe = Recipes.plain();
    return new EvaluationData(corpus, recipe, dir.resolve("e"), progress::add, new Stop())
        .labelled(
            EvaluationSet.Rows.TEST,
            List.of(new EvaluationSet.Reader(recipe.text(), vocab)),
            labels,
            labelling,
            null,
            limit)
        .stores()
        .get(0);
  }

  @Test
  void preparedDataKeepsItsTask() throws IOException {
    Corpus several = Corpus.of(documents());
    PreparedClassifier data = classifier(Recipes.plain(), several, 0);
    data.close();
    Corpus prepared = Corpus.at(dir.resolve("out"));
    refused(
        "prepared with several labels a row; leave --task out, or give the raw corpus",
        () -> classifier(Recipes.plain(), prepared.withLabelling(Labelling.SINGLE), 0));
    refused(
        "prepared with several labels a row, other than the model was trained on",
        () -> evaluation(prepared, data.vocab(), data.labels(), Labelling.SINGLE, 0));
    try (TokenStore store = evaluation(prepared, data.vocab(), data.labels(), Labelling.MULTI, 5)) {
      assertTrue(store.size() >= 5);
    }
  }

  /** Before there were several labels, nothing was said of them. */
  @Test
  void anOlderPreparedFolderHasOneLabelARow() throws IOException {
    Path file = write("a.csv", table("x", "y", "x", "y"));
    classifier(Recipes.plain(), Corpus.at(file), 0).close();
    Path json = dir.resolve("out/prepared.json");
    String older = Files.readString(json).replaceFirst(",\\s*\"labelling\"\\s*:\\s*\"SINGLE\"", "");
    assertFalse(older.contains("\"labelling\""), older);
    assertFalse(older.matches("(?s).*\"columns\"[^}]*\"labels\"\\s*:.*"), older);
    Files.writeString(json, older);
    try (PreparedClassifier data =
        classifier(Recipes.plain(), Corpus.at(dir.resolve("out")), dir.resolve("b"), 0)) {
      assertEquals(Labelling.SINGLE, data.labelling());
    }
  }

  @Test
  void aStoreWithALabelTwiceIsRefused() throws IOException {
    classifier(Recipes.plain(), Corpus.of(documents()), 0).close();
    Path store = dir.resolve("out/classifier/train.tokens");
    try (TokenStoreWriter writer = new TokenStoreWriter(store)) {
      writer.append("a", new int[] {0}, new int[] {1, 1});
      writer.finish();
    }
    refused(
        "train.tokens: a document with a label twice; prepare the corpus again",
        () -> classifier(Recipes.plain(), Corpus.at(dir.resolve("out")), dir.resolve("b"), 0));
  }

  @Test
  void theLessonIsForOneLabel() {
    refused(
        "the lesson's standardisation is for one label a row; --set corpus.standardise=plain",
        () -> classifier(Recipes.lesson(false), Corpus.of(documents()), 0));
  }

  @Test
  void theStandardisedCorpusHasBlanksBetweenLabels() throws IOException {
    Path file = write("a.csv", table("x", "x;y", "y", "", "x", "y"));
    prepare(Recipes.plain())
        .all(Corpus.at(file, AUTO.withLabelSeparator(";")), dir.resolve("out"), 0);
    Path csv = dir.resolve("out/csv/classifier");
    List<String> rows = new ArrayList<>(Files.readAllLines(csv.resolve("train.csv")));
    rows.addAll(Files.readAllLines(csv.resolve("valid.csv")));
    assertEquals(
        List.of(",text 3", "0 1,text 1", "0,text 0", "0,text 4", "1,text 2", "1,text 5"),
        rows.stream().sorted().toList());
  }

  /** 43,410 rows of 28 labels: each tenth is held out of each label, as near as one row. */
  @Test
  void goEmotionsIsHeldOutEvenly() {
    Path shared = Path.of(System.getProperty("ulmfit.shared"), "data/goemotions/train.tsv");
    assumeTrue(Files.exists(shared), "needs " + shared);
    Recipe recipe = Recipes.recipe(Rules.NONE, Recipe.Standardise.PLAIN, false, 0.1, 0.1);
    Corpus corpus = Corpus.at(shared, AUTO.withLabelSeparator(","));
    try (PreparedClassifier data = classifier(recipe, corpus, 0)) {
      assertEquals(28, data.labels().size());
      assertEquals(4_341, data.test().size());
      assertEquals(3_907, data.valid().size());
      assertEquals(35_162, data.train().size());
      for (int label = 0; label < 28; label++) {
        long test = count(data.test(), label);
        long rest = count(data.train(), label) + count(data.valid(), label);
        assertEquals(0.1 * (test + rest), test, 1 + 0.002 * rest, data.labels().get(label));
      }
    }
  }

  // Helpers

  private static String table(String... labels) {
    return IntStream.range(0, labels.length)
        .mapToObj(i -> "text " + i + "," + labels[i] + "\n")
        .collect(Collectors.joining("", "text,labels\n", ""));
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(dir.resolve(name), content);
  }

  private static List<String> labels(TokenStore store, int doc, List<String> names) {
    return Arrays.stream(store.labels(doc)).mapToObj(names::get).toList();
  }

  private static long count(TokenStore store, int label) {
    return IntStream.range(0, store.size())
        .filter(doc -> Arrays.stream(store.labels(doc)).anyMatch(l -> l == label))
        .count();
  }

  private static List<String> ids(TokenStore store) {
    return IntStream.range(0, store.size()).mapToObj(store::id).toList();
  }

  private PreparedClassifier classifier(Recipe recipe, Corpus corpus, int limit) {
    return classifier(recipe, corpus, dir.resolve("out"), limit);
  }

  private PreparedClassifier classifier(Recipe recipe, Corpus corpus, Path out, int limit) {
    return prepare(recipe).classifier(corpus, null, out, limit);
  }

  private Prepare prepare(Recipe recipe) {
    return new Prepare(recipe, progress::add, new Stop());
  }

  private static void refused(String message, Executable call) {
    UlmfitException refused = assertThrows(UlmfitException.class, call);
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
    assertEquals(1, refused.getMessage().lines().count());
  }
}
