package org.ulmfit.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.Split;
import org.ulmfit.text.Rules;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

class PrepareTest {

  @TempDir Path dir;
  private Path corpus;
  private Path out;
  private final List<String> progress = new ArrayList<>();

  /** 60 rows a, 30 rows b, one text each. */
  @BeforeEach
  void writeCorpus() throws Exception {
    corpus = dir.resolve("corpus.csv");
    out = dir.resolve("out");
    Files.writeString(
        corpus,
        IntStream.range(0, 90)
            .mapToObj(i -> (i % 3 == 0 ? "b" : "a") + ",the film number" + i + " is here\n")
            .collect(Collectors.joining("", "label,text\n", "")));
  }

  @Test
  void languageModel() {
    try (PreparedLm lm = languageModel(Recipes.plain(), null, 0)) {
      assertEquals(81, lm.train().size());
      assertEquals(9, lm.valid().size());
      Set<String> ids = new HashSet<>(ids(lm.train()));
      ids.addAll(ids(lm.valid()));
      assertEquals(90, ids.size(), "every document once");
      assertEquals("the film number", text(lm.vocab(), lm.train(), 0).substring(0, 15));
      assertEquals(0, lm.train().labels(0).length);
      assertEquals(List.of("xxunk", "xxpad", "the", "film"), lm.vocab().itos().subList(0, 4));
      assertEquals(0, lm.train().counts(lm.vocab().size())[0], "all training types are known");
      assertEquals("xxunk", word(lm.vocab(), lm.valid(), 0, 2), "a type of the validation only");
      assertEquals(90, lm.summary().used());
    }
  }

  /** The same documents give the same stores, whether they come from a file or from memory. */
  @Test
  void documentsInMemoryArePreparedAsThoseOfAFile() throws Exception {
    Path file = dir.resolve("two.csv");
    StringBuilder csv = new StringBuilder("label,title,body\n");
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String label = i % 3 == 0 ? "null" : "a";
      List<String> fields = List.of("film " + i, i % 7 == 0 ? "" : "here is number" + i);
      csv.append(label).append(',').append(String.join(",", fields)).append('\n');
      documents.add(new Document(i % 2 == 0 ? "" : "mine-" + i, fields, List.of(label)));
    }
    Files.writeString(file, csv);
    Path memory = dir.resolve("memory");
    Corpus table =
        Corpus.at(file, CorpusOptions.defaults().withTextColumns(List.of("title", "body")));
    try (PreparedLm words = prepare(Recipes.plain()).languageModel(table, null, out, 0);
        PreparedClassifier read =
            prepare(Recipes.plain()).classifier(table, words.vocab(), dir.resolve("c"), 0);
        PreparedClassifier held =
            prepare(Recipes.plain()).classifier(Corpus.of(documents), words.vocab(), memory, 0)) {
      assertEquals(read.labels(), held.labels());
      assertEquals(List.of("a", "null"), held.labels());
      assertEquals(read.train().size(), held.train().size());
      for (int d = 0; d < read.train().size(); d++) {
        assertArrayEquals(read.train().ids(d), held.train().ids(d));
        assertArrayEquals(read.train().labels(d), held.train().labels(d));
        int number = Integer.parseInt(row(read.train().id(d))) - 2;
        assertEquals(number % 2 == 0 ? "" + (number + 1) : "mine-" + number, held.train().id(d));
      }
    }
    progress.clear();
    prepare(Recipes.plain())
        .classifier(Corpus.of(documents), Vocab.of(List.of("xxunk", "xxpad", "film")), memory, 0)
        .close();
    assertTrue(
        progress.contains(memory + ": prepared otherwise than asked now; preparing again"),
        progress.toString());
  }

  @Test
  void tiesGoByFirstOccurrenceInTheTrainingRows() {
    try (PreparedLm lm = languageModel(Recipes.plain(), null, 0)) {
      List<String> expected =
          new ArrayList<>(List.of("xxunk", "xxpad", "the", "film", "is", "here"));
      for (int doc = 0; doc < lm.train().size(); doc++) {
        expected.add("number" + (Integer.parseInt(row(lm.train().id(doc))) - 2));
      }
      assertEquals(expected, lm.vocab().itos());
    }
  }

  @Test
  void wordsOfThePretrainedModelStayKnownIfTheRecipeSaysSo() {
    Vocab pretrained = Vocab.of(List.of("xxunk", "xxpad", "film", "splendid", "is", "dull"));
    for (boolean keep : new boolean[] {true, false}) {
      try (PreparedLm lm = languageModel(keepingWords(keep), pretrained, 0)) {
        assertEquals(keep, lm.keepsPretrained());
        List<String> words = lm.vocab().itos().subList(2, lm.vocab().size());
        assertEquals(List.of("the", "film", "is", "here"), words.subList(0, 4));
        assertEquals(
            keep ? List.of("splendid", "dull") : List.of(), words.subList(4, words.size()));
      }
    }
    assertTrue(
        progress.contains(out + ": prepared otherwise than asked now; preparing again"),
        progress.toString());
    Path other = dir.resolve("other");
    Recipe keeping = keepingWords(true);
    prepare(keeping).languageModel(Corpus.at(out), pretrained, other, 0).close();
    assertTrue(
        progress.contains(
            out + ": prepared with its own vocabulary; vocab.keepPretrained has no effect here"),
        progress.toString());
  }

  /** Four words of the corpus and two more: all are kept where six have room. */
  @ParameterizedTest
  @CsvSource({"60000, true", "6, true", "5, false", "4, false"})
  void wordsOfThePretrainedModelAreKeptByThemselvesWhereAllHaveRoom(int room, boolean kept) {
    Vocab pretrained = Vocab.of(List.of("xxunk", "xxpad", "film", "splendid", "is", "dull"));
    Recipe auto = keepingWords("auto", room);
    List<String> words;
    try (PreparedLm lm = languageModel(auto, pretrained, 0)) {
      assertEquals(kept, lm.keepsPretrained());
      words = lm.vocab().itos();
      assertEquals(kept ? 8 : 6, words.size());
    }
    progress.clear();
    for (Recipe again : List.of(auto, keepingWords("" + kept, room))) {
      try (PreparedLm lm = languageModel(again, pretrained, 0)) {
        assertEquals(words, lm.vocab().itos());
        assertEquals(kept, lm.keepsPretrained());
      }
    }
    String reused = "using the prepared data in " + out;
    assertEquals(2, progress.stream().filter(reused::equals).count(), progress.toString());
    assertTrue(progress.stream().noneMatch(l -> l.startsWith("tokenized")), progress.toString());
    languageModel(keepingWords("" + !kept, room), pretrained, 0).close();
    languageModel(auto, pretrained, 0).close(); // found what it was not left to
    String otherwise = out + ": prepared otherwise than asked now; preparing again";
    assertEquals(2, progress.stream().filter(otherwise::equals).count(), progress.toString());
  }

  @Test
  void whereNothingIsPretrainedNothingIsKept() {
    try (PreparedLm lm = languageModel(keepingWords("auto", 60_000), null, 0)) {
      assertFalse(lm.keepsPretrained());
    }
  }

  @Test
  void classifierHoldsOutEachClassInProportion() {
    Recipe recipe = Recipes.recipe(Rules.NONE, Recipe.Standardise.PLAIN, false, 0.1, 0.2);
    try (PreparedClassifier data = classifier(recipe, null, 0)) {
      assertEquals(List.of("a", "b"), data.labels());
      assertEquals(18, data.test().size());
      assertEquals(6, count(data.test(), 1));
      assertEquals(7, data.valid().size());
      assertEquals(2, count(data.valid(), 1));
      assertEquals(65, data.train().size());
      List<String> all = new ArrayList<>(ids(data.train()));
      all.addAll(ids(data.valid()));
      all.addAll(ids(data.test()));
      assertEquals(90, new HashSet<>(all).size());
      for (int doc = 0; doc < data.train().size(); doc++) {
        int number = Integer.parseInt(row(data.train().id(doc))) - 2;
        assertEquals(number % 3 == 0 ? 1 : 0, data.train().labels(doc)[0]);
      }
    }
  }

  @Test
  void theLanguageModelNeverSeesTheHeldOutTest() {
    Recipe recipe = Recipes.recipe(Rules.NONE, Recipe.Standardise.PLAIN, false, 0.1, 0.2);
    Set<String> test;
    try (PreparedClassifier data = classifier(recipe, null, 0)) {
      test = new HashSet<>(ids(data.test()));
    }
    out = dir.resolve("lm");
    try (PreparedLm lm = languageModel(recipe, null, 0)) {
      assertEquals(72, lm.train().size() + lm.valid().size());
      assertTrue(ids(lm.train()).stream().noneMatch(test::contains));
      assertTrue(ids(lm.valid()).stream().noneMatch(test::contains));
    }
    out = dir.resolve("lm2");
    try (PreparedLm lm =
        languageModel(
            Recipes.recipe(Rules.NONE, Recipe.Standardise.PLAIN, true, 0.1, 0.2), null, 0)) {
      assertEquals(90, lm.train().size() + lm.valid().size());
    }
  }

  /** Rows are held out by all their labels, which the language model does not read. */
  @Test
  void norThatOfRowsWithSeveralLabels() throws Exception {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 90; i++) {
      String labels = i % 3 == 0 ? "\"a\",\"b\"" : i % 3 == 1 ? "\"a\"" : "\"c\",\"a\"";
      rows.append("{\"text\":\"the film number").append(i).append(" is here\",\"labels\":[");
      rows.append(labels).append("]}\n");
    }
    corpus = dir.resolve("corpus.jsonl");
    Files.writeString(corpus, rows);
    theLanguageModelNeverSeesTheHeldOutTest();
  }

  @Test
  void rowsWithoutALabelAreCounted() throws Exception {
    Files.writeString(corpus, Files.readString(corpus) + ",an unlabelled one\n,and another\n");
    try (PreparedClassifier data = classifier(Recipes.plain(), null, 0)) {
      String note = "unlabelled: 2 (no classifier is trained or measured on them)";
      assertTrue(data.summary().notes().contains(note), data.summary().notes().toString());
    }
  }

  @Test
  void withoutTestSplitThereIsNone() {
    try (PreparedClassifier data = classifier(Recipes.plain(), null, 0)) {
      assertNull(data.test());
      assertEquals(9, data.valid().size());
    }
  }

  @Test
  void aGivenVocabularyIsKept() {
    Vocab vocab = Vocab.of(List.of("xxunk", "xxpad", "film", "the"));
    try (PreparedClassifier data = classifier(Recipes.plain(), vocab, 0)) {
      assertEquals(vocab, data.vocab());
      assertArrayEquals(new int[] {3, 2, 0, 0, 0}, data.train().ids(0));
    }
  }

  @Test
  void givenSplitsAreKept() throws Exception {
    Files.writeString(
        corpus, "label,text,split\na,t1,train\nb,t2,train\na,v1,valid\nb,e1,test\n,u1,unsup\n");
    try (PreparedClassifier data = classifier(Recipes.plain(), null, 0)) {
      assertEquals(2, data.train().size());
      assertEquals(1, data.valid().size());
      assertEquals(1, data.test().size());
    }
    out = dir.resolve("lm");
    try (PreparedLm lm = languageModel(Recipes.plain(), null, 0)) {
      assertEquals(4, lm.train().size() + lm.valid().size(), "all but the test text");
    }
  }

  private static Recipe beside(int unlabelled) {
    return org.ulmfit.config.Recipes.load(
        null,
        List.of(
            "corpus.testFraction=0",
            "vocab.minFreq=1",
            "classifier.adversarial.kind=vat",
            "classifier.adversarial.unlabelled=" + unlabelled));
  }

  @Test
  void textsWithoutLabelsAreAStoreOfTheirOwnWhereTheRecipeTrainsOnThem() throws Exception {
    Files.writeString(
        corpus,
        "label,text,split\na,t1,train\nb,t2,train\na,v1,valid\nb,v2,valid\n,u1,unsup\n,u2,unsup\n");
    classifier(beside(0), null, 0).close();
    try (PreparedClassifier data = classifier(beside(1), null, 0)) {
      TokenStore unlabelled = data.unlabelled();
      assertEquals(2, unlabelled.size());
      assertEquals(0, unlabelled.labels(0).length);
      assertEquals(2, data.summary().splitRows().get("classifier/unlabelled"));
    }
    try (PreparedClassifier again = prepare(beside(1)).classifier(Corpus.at(out), null, out, 0)) {
      assertEquals(2, again.unlabelled().size());
    }
    try (PreparedClassifier first = classifier(beside(1), null, 1)) {
      assertEquals(1, first.unlabelled().size());
    }
    Files.writeString(corpus, "label,text\n" + "a,t1\nb,t2\n".repeat(9));
    refused("no texts without labels", () -> classifier(beside(1), null, 0));
    classifier(beside(0), null, 0).close();
    UlmfitException e =
        assertThrows(
            UlmfitException.class,
            () -> prepare(beside(1)).classifier(Corpus.at(out), null, dir.resolve("other"), 0));
    assertTrue(e.getMessage().contains("prepared without the texts"), e.getMessage());
  }

  @Test
  void numericLabelsSortByValue() throws Exception {
    Files.writeString(
        corpus,
        Stream.of("10", "9", "-1", "10", "9", "-1")
            .map(label -> label + ",text " + label + "\n")
            .collect(Collectors.joining()));
    try (PreparedClassifier data = classifier(Recipes.plain(), null, 0)) {
      assertEquals(List.of("-1", "9", "10"), data.labels());
    }
  }

  @Test
  void limitKeepsEveryClass() {
    try (PreparedClassifier data = classifier(Recipes.plain(), null, 10)) {
      assertEquals(10, data.train().size());
      assertEquals(9, data.valid().size());
      assertTrue(count(data.train(), 0) > 0 && count(data.train(), 1) > 0);
    }
    out = dir.resolve("lm");
    try (PreparedLm lm = languageModel(Recipes.plain(), null, 18)) {
      assertEquals(18, lm.train().size());
      assertEquals(2, lm.valid().size());
    }
  }

  @Test
  void evaluationFollowsTheModelsLabelsInInputOrder() {
    Vocab vocab = Vocab.of(List.of("xxunk", "xxpad", "film"));
    try (EvaluationSet rows = evaluation(vocab, List.of("b", "c", "a"))) {
      assertEquals(Split.TRAIN, rows.split());
      TokenStore store = rows.stores().get(0);
      assertEquals(90, store.size());
      assertEquals(0, store.labels(0)[0]);
      assertEquals(2, store.labels(1)[0]);
      assertEquals(corpus + ":2", store.id(0));
      assertEquals(corpus + ":91", store.id(89));
    }
    refused(
        "label 'b' is none of those known from training (a, c)",
        () -> evaluation(vocab, List.of("a", "c")));
  }

  private EvaluationSet evaluation(Vocab vocab, List<String> labels) {
    Recipe recipe = Recipes.plain();
    return new EvaluationData(Corpus.at(corpus), recipe, out, progress::add, new Stop())
        .labelled(
            EvaluationSet.Rows.TEST,
            List.of(new EvaluationSet.Reader(recipe.text(), vocab)),
            labels,
            Labelling.SINGLE,
            null,
            0);
  }

  @Test
  void aDamagedFolderIsPreparedAgain() throws Exception {
    languageModel(Recipes.plain(), null, 0).close();
    for (String name : List.of("prepared.json", "vocab.txt", "lm/train.tokens")) {
      Path file = out.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(whole, whole.length - 9));
      progress.clear();
      languageModel(Recipes.plain(), null, 0).close();
      assertTrue(progress.get(0).startsWith("text: tokenizer spacy-3"), progress.get(0));
      assertTrue(progress.get(1).startsWith("WARNING: " + file), progress.get(1));
      assertTrue(progress.get(1).endsWith("prepare the corpus again: this is done now"));
      assertArrayEquals(whole, Files.readAllBytes(file), name);
    }
  }

  /** As {@code ulmfit lm-finetune .} in the folder has it; here nothing is in it. */
  @Test
  void aPreparedFolderMayBeNamedByADot() throws Exception {
    languageModel(Recipes.plain(), null, 0).close();
    PreparedFolder folder = PreparedFolder.read(out);
    Vocab vocab = folder.vocab();
    PreparedFolder dot =
        PreparedFolder.of(
            Path.of("."),
            folder.settings(),
            folder.labelling(),
            folder.labels(),
            vocab,
            folder.stores(),
            folder.summary());
    refused("./lm/train.tokens: missing; ", () -> dot.open(PreparedFolder.LM_TRAIN, vocab));
    PreparedFolder.read(out.resolve("lm/..")).open(PreparedFolder.LM_TRAIN, vocab).close();
  }

  @Test
  void thePreparedFolderIsReusedOnlyForTheSamePreparation() throws Exception {
    languageModel(Recipes.plain(), null, 0).close();
    assertFalse(progress.toString().contains("using the prepared data"));
    languageModel(Recipes.plain(), null, 0).close();
    assertTrue(progress.toString().contains("using the prepared data in " + out));
    progress.clear();
    languageModel(Recipes.plain(), null, 20).close();
    assertTrue(progress.toString().contains("prepared otherwise than asked now"));
    progress.clear();
    Files.writeString(corpus, Files.readString(corpus) + "a,one more row\n");
    try (PreparedLm lm = languageModel(Recipes.plain(), null, 20)) {
      assertTrue(progress.toString().contains("prepared otherwise than asked now"));
      assertEquals(91, lm.summary().rows());
    }
  }

  @Test
  void allThenEachStageFromThePreparedFolder() throws Exception {
    Path prepared = dir.resolve("prepared");
    Recipe recipe = Recipes.recipe(Rules.FASTAI_2, Recipe.Standardise.PLAIN, false, 0.1, 0.2);
    PrepareReport report = prepare(recipe).all(Corpus.at(corpus), prepared, 0);
    assertEquals(90, report.summary().rows());
    assertTrue(Prepare.isPrepared(Corpus.at(prepared)));
    assertEquals("\"the\"", report.mostFrequent().get(1).split(" ")[0]);
    assertEquals(
        Set.of(
            "lm/train.csv",
            "lm/valid.csv",
            "classifier/train.csv",
            "classifier/valid.csv",
            "classifier/test.csv",
            "classifier/classes.txt"),
        files(prepared.resolve("csv")));
    assertEquals(
        Set.of(
            "vocab.txt",
            "prepared.json",
            "lm/train.tokens",
            "lm/valid.tokens",
            "classifier/train.tokens",
            "classifier/valid.tokens",
            "classifier/test.tokens"),
        files(prepared).stream()
            .filter(name -> !name.startsWith("csv/"))
            .collect(Collectors.toSet()),
        "no temporary files are left");
    try (PreparedLm lm = prepare(recipe).languageModel(Corpus.at(prepared), null, out, 0);
        PreparedClassifier data = prepare(recipe).classifier(Corpus.at(prepared), null, out, 0);
        PreparedClassifier cut = prepare(recipe).classifier(Corpus.at(prepared), null, out, 4)) {
      assertEquals(72, lm.train().size() + lm.valid().size());
      assertEquals(lm.vocab(), data.vocab());
      assertEquals(report.trainTokens(), lm.train().tokens());
      assertEquals(18, data.test().size());
      assertEquals(4, cut.train().size());
      assertTrue(count(cut.train(), 0) > 0 && count(cut.train(), 1) > 0);
      assertEquals("xxbos", word(lm.vocab(), lm.train(), 0, 0));
    }
  }

  @Test
  void aPreparedFolderOfOtherRulesIsRefused() {
    languageModel(Recipes.plain(), null, 0).close();
    Recipe other = Recipes.recipe(Rules.FASTAI_2, Recipe.Standardise.PLAIN, false, 0.1, 0);
    UlmfitException error =
        assertThrows(
            UlmfitException.class,
            () -> prepare(other).languageModel(Corpus.at(out), null, dir.resolve("x"), 0));
    assertEquals(UlmfitException.Kind.USAGE, error.kind());
    assertTrue(
        error.getMessage().contains("prepared with text.rules=none, the recipe says fastai-2"));
    refused(
        "prepared without classifier/train data",
        () -> prepare(Recipes.plain()).classifier(Corpus.at(out), null, dir.resolve("x"), 0));
  }

  @Test
  void oneClassOnlyIsRefused() throws Exception {
    Files.writeString(corpus, "label,text\npos,a\npos,b\n");
    refused(
        "every labelled training document has the label 'pos'; a classifier needs at least two",
        () -> classifier(Recipes.plain(), null, 0));
    assertEquals(Set.of(), files(out), "nothing is left half-written");
  }

  @Test
  void aMissingLabelColumnIsRefusedWithTheColumns() throws Exception {
    Files.writeString(corpus, "stars,text\n1,a\n2,b\n");
    refused(
        "no column is known to hold the label (its columns are stars, text);"
            + " name it with --label-column",
        () -> classifier(Recipes.plain(), null, 0));
  }

  @Test
  void aTestLabelUnknownToTrainingIsRefused() throws Exception {
    Files.writeString(corpus, "label,text,split\na,x,train\nb,y,train\nc,z,test\n");
    refused(
        corpus + ":4: label 'c' is none of those known from training (a, b)",
        () -> classifier(Recipes.plain(), null, 0));
  }

  @Test
  void duplicatesAreReportedWithinAndAcrossSplits() throws Exception {
    Files.writeString(
        corpus,
        "label,text,split\na,x,train\nb,x,train\na,x,train\nb,y,train\na,y,test\nb,x,test\n");
    classifier(Recipes.plain(), null, 0).close();
    assertTrue(progress.contains("2 train rows repeat an earlier text"), progress.toString());
    assertTrue(progress.contains("2 texts occur in both train and test"), progress.toString());
    assertFalse(progress.toString().contains("unsup"));
  }

  @Test
  void severalFieldsAreMarked() throws Exception {
    Files.writeString(corpus, "0,first one,second one\n1,first two,second two\n".repeat(3));
    Recipe recipe = Recipes.recipe(Rules.FASTAI_2, Recipe.Standardise.PLAIN, false, 0.1, 0);
    try (PreparedClassifier data = classifier(recipe, null, 0)) {
      assertEquals(
          "xxbos xxfld 1 first one xxfld 2 second one", text(data.vocab(), data.train(), 0));
    }
  }

  private static Recipe keepingWords(boolean keep) {
    return keepingWords("" + keep, 60_000);
  }

  private static Recipe keepingWords(String keep, int room) {
    return org.ulmfit.config.Recipes.load(
        null,
        List.of(
            "text.rules=none",
            "vocab.minFreq=2",
            "vocab.maxSize=" + room,
            "vocab.keepPretrained=" + keep));
  }

  private PreparedLm languageModel(Recipe recipe, Vocab vocab, int limit) {
    return prepare(recipe).languageModel(Corpus.at(corpus), vocab, out, limit);
  }

  private PreparedClassifier classifier(Recipe recipe, Vocab vocab, int limit) {
    return prepare(recipe).classifier(Corpus.at(corpus), vocab, out, limit);
  }

  private Prepare prepare(Recipe recipe) {
    return new Prepare(recipe, progress::add, new Stop());
  }

  private static void refused(String message, Executable call) {
    UlmfitException error = assertThrows(UlmfitException.class, call);
    assertEquals(UlmfitException.Kind.BAD_DATA, error.kind());
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  private static List<String> ids(TokenStore store) {
    return IntStream.range(0, store.size()).mapToObj(store::id).toList();
  }

  private static long count(TokenStore store, int label) {
    return IntStream.range(0, store.size()).filter(doc -> store.labels(doc)[0] == label).count();
  }

  private static String row(String id) {
    return id.substring(id.lastIndexOf(':') + 1);
  }

  private static String word(Vocab vocab, TokenStore store, int doc, int position) {
    return vocab.itos(store.ids(doc)[position]);
  }

  private static String text(Vocab vocab, TokenStore store, int doc) {
    return IntStream.of(store.ids(doc)).mapToObj(vocab::itos).collect(Collectors.joining(" "));
  }

  private static Set<String> files(Path root) throws Exception {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> root.relativize(path).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
