package org.ulmfit.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.random.NumpyRandom;
import org.ulmfit.vocab.TokenStore;

/** The lesson's standardisation (fastai 0.7 lesson 10) on a small folder of the same layout. */
class LessonTest {
  private static final Map<String, Integer> FILES =
      Map.of("train/neg", 12, "train/pos", 13, "train/unsup", 25, "test/neg", 10, "test/pos", 10);

  @TempDir Path dir;
  private Path corpus;
  private Path out;
  private final List<String> trainTexts = new ArrayList<>();
  private final List<String> testTexts = new ArrayList<>();
  private final List<Integer> trainLabels = new ArrayList<>();

  @BeforeEach
  void writeCorpus() throws Exception {
    corpus = dir.resolve("aclImdb");
    out = dir.resolve("out");
    for (String folder : List.of("train/neg", "train/pos", "train/unsup", "test/neg", "test/pos")) {
      Path path = Files.createDirectories(corpus.resolve(folder));
      List<String> names =
          IntStream.range(0, FILES.get(folder)).mapToObj(i -> i + "_7.txt").sorted().toList();
      for (String name : names) {
        String text = folder + " " + name + ", \"quoted\"\r\nline";
        Files.writeString(path.resolve(name), text);
        (folder.startsWith("train") ? trainTexts : testTexts).add(text.replace("\r\n", "\n"));
        if (folder.startsWith("train")) {
          trainLabels.add(List.of("neg", "pos", "unsup").indexOf(folder.substring(6)));
        }
      }
    }
  }

  @Test
  void threePermutationsOfOneStream() throws Exception {
    PrepareReport report = prepare(Recipes.lesson(true), 0);
    NumpyRandom random = new NumpyRandom(42);
    int[] train = random.permutation(50);
    int[] test = random.permutation(20);
    int[] split = random.permutation(70);
    List<String> all = new ArrayList<>();
    Arrays.stream(train).forEach(i -> all.add(trainTexts.get(i)));
    Arrays.stream(test).forEach(i -> all.add(testTexts.get(i)));

    assertEquals(csv(Arrays.stream(split).limit(7), all), read("imdb_lm/test.csv"));
    assertEquals(csv(Arrays.stream(split).skip(7), all), read("imdb_lm/train.csv"));
    String labelled =
        Arrays.stream(train)
            .filter(i -> trainLabels.get(i) != 2)
            .mapToObj(i -> row(trainLabels.get(i), trainTexts.get(i)))
            .collect(Collectors.joining());
    assertEquals(labelled, read("imdb_clas/train.csv"));
    String tested =
        Arrays.stream(test)
            .mapToObj(i -> row(i / 10, testTexts.get(i)))
            .collect(Collectors.joining());
    assertEquals(tested, read("imdb_clas/test.csv"));
    assertEquals("neg\npos\nunsup\n", read("imdb_clas/classes.txt"));
    assertEquals(
        Map.of(
            "lm/train",
            63,
            "lm/valid",
            7,
            "classifier/train",
            25,
            "classifier/valid",
            20,
            "classifier/test",
            20),
        report.summary().splitRows());
  }

  @Test
  void storesFollowTheCsv() throws Exception {
    prepare(Recipes.lesson(true), 0);
    try (PreparedClassifier data =
        new Prepare(Recipes.lesson(true), line -> {}, new Stop())
            .classifier(Corpus.at(out), null, dir.resolve("x"), 0)) {
      assertEquals(List.of("neg", "pos"), data.labels());
      List<String> labels = read("imdb_clas/train.csv").lines().toList();
      for (int doc = 0; doc < data.train().size(); doc++) {
        assertEquals(labels.get(2 * doc).substring(0, 1), "" + data.train().labels(doc)[0]);
        assertTrue(data.train().id(doc).startsWith("train/"));
      }
      assertEquals(data.test().id(3), data.valid().id(3), "the lesson validates on the test split");
      assertArrayEquals(data.test().ids(3), data.valid().ids(3));
      int[] ids = data.train().ids(0);
      assertEquals(
          List.of("\n", "xbos", "xfld", "1", "train"),
          Arrays.stream(ids).limit(5).mapToObj(data.vocab()::itos).toList());
      assertEquals(List.of("_unk_", "_pad_"), data.vocab().itos().subList(0, 2));
    }
  }

  @Test
  void textsSurviveTheCsv() throws Exception {
    prepare(Recipes.lesson(true), 0);
    List<String> texts = new ArrayList<>();
    CorpusReader.open(Corpus.at(out.resolve("imdb_lm/train.csv"), CorpusOptions.defaults()))
        .forEach((split, document) -> texts.add(document.fields().get(0)));
    CorpusReader.open(Corpus.at(out.resolve("imdb_lm/test.csv"), CorpusOptions.defaults()))
        .forEach((split, document) -> texts.add(document.fields().get(0)));
    List<String> expected = new ArrayList<>(trainTexts);
    expected.addAll(testTexts);
    assertEquals(expected.stream().sorted().toList(), texts.stream().sorted().toList());
  }

  @Test
  void testTextCanBeKeptOutOfTheLanguageModel() throws Exception {
    PrepareReport report = prepare(Recipes.lesson(false), 0);
    assertEquals(45, report.summary().splitRows().get("lm/train"));
    assertEquals(5, report.summary().splitRows().get("lm/valid"));
    assertTrue(read("imdb_lm/train.csv").lines().noneMatch(line -> line.contains("test/")));
    assertTrue(read("imdb_lm/test.csv").lines().noneMatch(line -> line.contains("test/")));
  }

  @Test
  void limitTakesTheFirstRowsOfEachOutput() throws Exception {
    prepare(Recipes.lesson(true), 0);
    List<String> whole = read("imdb_clas/train.csv").lines().toList();
    prepare(Recipes.lesson(true), 8);
    List<String> cut = read("imdb_clas/train.csv").lines().toList();
    assertEquals(whole.subList(0, 16), cut);
    assertEquals(8, read("imdb_lm/train.csv").lines().count() / 2);
  }

  @Test
  void whatPandasReadsAsMissingBecomesNan() throws Exception {
    Files.writeString(corpus.resolve("train/neg/0_7.txt"), "NULL");
    Recipe recipe = Recipes.lesson(true);
    prepare(recipe, 0);
    try (TokenStore train = TokenStore.open(out.resolve("classifier/train.tokens"))) {
      int doc =
          IntStream.range(0, train.size())
              .filter(i -> train.id(i).equals("train/neg/0_7.txt"))
              .findFirst()
              .getAsInt();
      assertEquals(5, train.length(doc));
    }
    assertTrue(read("imdb_clas/train.csv").contains("0,NULL\n"), "the CSV keeps the text");
  }

  @Test
  void aCorpusWithoutTestIsRefused() throws Exception {
    Path file = Files.writeString(dir.resolve("a.csv"), "0,a\n1,b\n");
    UlmfitException error =
        assertThrows(
            UlmfitException.class,
            () ->
                new Prepare(Recipes.lesson(true), line -> {}, new Stop())
                    .all(Corpus.at(file), out, 0));
    assertEquals(UlmfitException.Kind.BAD_DATA, error.kind());
    assertTrue(error.getMessage().contains("set corpus.standardise=plain"), error.getMessage());
  }

  private PrepareReport prepare(Recipe recipe, int limit) {
    return new Prepare(recipe, line -> {}, new Stop()).all(Corpus.at(corpus), out, limit);
  }

  private String read(String name) throws Exception {
    return Files.readString(out.resolve(name));
  }

  private static String csv(IntStream rows, List<String> texts) {
    return rows.mapToObj(i -> row(0, texts.get(i))).collect(Collectors.joining());
  }

  private static String row(int label, String text) {
    return label + ",\"" + text.replace("\"", "\"\"") + "\"\n";
  }
}
