package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Golden;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipe.Library;
import org.ulmfit.config.Recipe.Standardise;
import org.ulmfit.lm.LmBatches.Config;
import org.ulmfit.lm.LmBatches.Window;
import org.ulmfit.random.NumpyRandom;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.TokenStoreWriter;

class LmBatchesTest {

  private static final Documents GOLDEN_103 =
      new InMemoryDocuments(
          range(0, 7), range(7, 7), range(7, 50), range(50, 51), range(51, 52), range(52, 103));

  @Test
  void streamsAreConsecutivePiecesAndTheRestIsDropped() {
    var batches = LmBatches.open(GOLDEN_103, randomised(2, 10, false), 42, 0, 0);
    assertEquals(4, batches.batches());
    int row = 0;
    while (batches.hasNext()) {
      LmBatch batch = batches.next();
      assertEquals(2, batch.rows());
      for (int t = 0; t < batch.time(); t++, row++) {
        assertArrayEquals(new long[] {row, 51 + row}, row(batch.x(), batch, t));
        assertArrayEquals(new long[] {row + 1, 52 + row}, row(batch.y(), batch, t));
      }
    }
    assertEquals(Golden.numeric("lm_batches", "toy_bptt10", "rows_consumed").intValue(), row);
    assertEquals(2L * row, batches.targets());
  }

  @Test
  void backwardsEveryPieceIsReadFromItsEnd() {
    var batches = LmBatches.open(GOLDEN_103, backward(randomised(2, 10, false)), 42, 0, 0);
    LmBatch first = batches.next();
    long[] golden =
        Arrays.stream(Golden.ints(Golden.numeric("lm_batches", "batchify", "backwards_first_row")))
            .asLongStream()
            .toArray();
    assertArrayEquals(golden, row(first.x(), first, 0));
    assertArrayEquals(new long[] {golden[0] - 1, golden[1] - 1}, row(first.y(), first, 0));
    assertArrayEquals(new long[] {golden[0] - 4, golden[1] - 4}, row(first.x(), first, 4));
  }

  @Test
  void fixedWindowsAreTheGoldenOnes() {
    var golden = Golden.numeric("lm_batches", "fastai2");
    int[][] docs = Golden.rowsOfInts(golden.get("docs"));
    var config = new Config(2, 4, Window.FIXED, false, false, false);
    var batches = LmBatches.open(new InMemoryDocuments(docs), config, 42, 0, 0);
    assertEquals(golden.get("n_batches").intValue(), batches.batches());
    assertEquals(golden.get("n_batches").intValue(), config.batches(21));
    assertEquals(golden.get("corpus").intValue(), batches.targets());
    for (var expected : Golden.elements(golden.get("batches"))) {
      LmBatch batch = batches.next();
      for (int r = 0; r < 2; r++) {
        int[][] xy = Golden.rowsOfInts(expected.get(r));
        assertArrayEquals(xy[0], column(batch.x(), batch, r));
        assertArrayEquals(xy[1], column(batch.y(), batch, r));
      }
    }
    assertFalse(batches.hasNext());
    assertThrows(NoSuchElementException.class, batches::next);
  }

  @Test
  void fixedBackwardsEveryDocumentIsFlippedInItsPlace() {
    var docs = new InMemoryDocuments(new int[] {1, 2, 3}, new int[] {4, 5}, new int[] {6, 7, 8});
    var config = new Config(1, 4, Window.FIXED, false, true, false);
    var batches = LmBatches.open(docs, config, 42, 0, 0);
    LmBatch first = batches.next();
    assertArrayEquals(new int[] {3, 2, 1, 5}, column(first.x(), first, 0));
    assertArrayEquals(new int[] {2, 1, 5, 4}, column(first.y(), first, 0));
    LmBatch second = batches.next();
    assertArrayEquals(new int[] {4, 8, 7}, column(second.x(), second, 0));
    assertArrayEquals(new int[] {8, 7, 6}, column(second.y(), second, 0));
  }

  @Test
  void documentsAreShuffledByTheGeneratorOfSeedPhaseAndEpoch() {
    var docs =
        new InMemoryDocuments(
            IntStream.range(0, 40).mapToObj(i -> new int[] {i}).toArray(int[][]::new));
    var config = new Config(1, 39, Window.FIXED, true, false, false);
    for (int epoch = 0; epoch < 3; epoch++) {
      LmBatch batch = LmBatches.open(docs, config, 42, 5, epoch).next();
      int[] order = new NumpyRandom(42, 5, epoch).permutation(40);
      assertArrayEquals(Arrays.copyOf(order, 39), column(batch.x(), batch, 0));
      assertEquals(order[39], batch.y()[38]);
    }
  }

  @Test
  void theLessonsStreamRunsOnThroughTheEpochs() {
    var docs = new InMemoryDocuments(range(0, 2 * 1000));
    var config = randomised(2, 70, false);
    var lengths = new ArrayList<Integer>();
    for (int epoch = 0; epoch < 3; epoch++) {
      lengths.addAll(times(LmBatches.open(docs, config, 42, epoch + 9, epoch)));
    }
    int[] golden = Golden.ints(Golden.numeric("lm_batches", "rows2000_bptt70_seed42", "lens"));
    assertEquals(Arrays.stream(golden).boxed().toList(), lengths.subList(0, golden.length));
  }

  @Test
  void otherRecipesDrawAfreshForEveryPhaseAndEpoch() {
    var docs = new InMemoryDocuments(range(0, 2 * 1000));
    var config = new Config(2, 70, Window.RANDOMISED_2018_06, false, false, false);
    var passes = new ArrayList<List<Integer>>();
    for (int phase = 0; phase < 2; phase++) {
      for (int epoch = 0; epoch < 2; epoch++) {
        var lengths = times(LmBatches.open(docs, config, 42, phase, epoch));
        assertEquals(95, lengths.get(0));
        assertFalse(passes.contains(lengths), "phase " + phase + " epoch " + epoch);
        assertEquals(lengths, times(LmBatches.open(docs, config, 42, phase, epoch)));
        passes.add(lengths);
      }
    }
  }

  @Test
  void skippingBeyondTheEndIsRefused() {
    var batches = LmBatches.open(GOLDEN_103, randomised(2, 10, false), 42, 0, 0);
    batches.skip(3);
    assertEquals(3, batches.position());
    assertThrows(NoSuchElementException.class, () -> batches.skip(2));
    assertThrows(NoSuchElementException.class, () -> batches.skip(-1));
    batches.skip(1);
    assertFalse(batches.hasNext());
  }

  @Test
  void tooLittleTextIsBadData() {
    var error =
        assertThrows(
            UlmfitException.class,
            () -> LmBatches.open(GOLDEN_103, randomised(4, 13, false), 42, 0, 0));
    assertEquals(UlmfitException.Kind.BAD_DATA, error.kind());
    assertEquals(
        "the language model's text has 103 tokens: too few for one batch of 4 rows and bptt 13; add"
            + " text or lower lm.batchSize or lm.bptt",
        error.getMessage());
    var fixed = new Config(103, 72, Window.FIXED, false, false, false);
    assertThrows(UlmfitException.class, () -> LmBatches.open(GOLDEN_103, fixed, 42, 0, 0));
    var none = new InMemoryDocuments();
    assertThrows(UlmfitException.class, () -> LmBatches.open(none, fixed, 42, 0, 0));
  }

  @Test
  void readsAMemoryMappedStore(@TempDir Path dir) {
    Path file = dir.resolve("lm.tokens");
    try (var writer = new TokenStoreWriter(file)) {
      for (int doc = 0; doc < GOLDEN_103.size(); doc++) {
        writer.append("d" + doc, GOLDEN_103.ids(doc));
      }
      writer.finish();
    }
    var config = randomised(2, 10, false);
    try (var store = TokenStore.open(file)) {
      var stored = LmBatches.open(store, config, 42, 0, 0);
      var expected = LmBatches.open(GOLDEN_103, config, 42, 0, 0);
      while (expected.hasNext()) {
        assertSame(expected.next(), stored.next());
      }
      assertFalse(stored.hasNext());
    }
  }

  @Test
  void recipesDecideTheWindows() {
    var lesson = recipe(Standardise.LESSON, Recipe.Window.RANDOMISED, false, Library.MARCH_2018);
    var march = new Config(52, 70, Window.RANDOMISED_2018_03, false, false, true);
    assertEquals(march, Config.training(lesson, false));
    assertEquals(march, Config.validation(lesson, false));
    var june = recipe(Standardise.LESSON, Recipe.Window.RANDOMISED, false, Library.JUNE_2018);
    assertEquals(Window.RANDOMISED_2018_06, Config.training(june, false).window());
    var plain = recipe(Standardise.PLAIN, Recipe.Window.RANDOMISED, true, Library.JUNE_2018);
    assertEquals(
        new Config(52, 70, Window.RANDOMISED_2018_06, true, true, false),
        Config.training(plain, true));
    assertEquals(
        new Config(52, 70, Window.FIXED, false, true, false), Config.validation(plain, true));
    var fixed = recipe(Standardise.PLAIN, Recipe.Window.FIXED, true, Library.JUNE_2018);
    assertEquals(
        new Config(52, 70, Window.FIXED, true, false, false), Config.training(fixed, false));
  }

  @Test
  void batchesOfAPassAreCountedAsSchedulesNeedThem() {
    assertEquals(
        27,
        new Config(64, 70, Window.RANDOMISED_2018_03, false, false, false).batches(64 * 2000 + 63));
    assertEquals(
        0, new Config(64, 70, Window.RANDOMISED_2018_03, false, false, false).batches(64 * 70));
    assertEquals(28, new Config(64, 72, Window.FIXED, false, false, false).batches(64 * 2000));
    assertEquals(0, new Config(64, 72, Window.FIXED, false, false, false).batches(0));
  }

  static void assertSame(LmBatch expected, LmBatch actual) {
    assertEquals(expected.time(), actual.time());
    assertEquals(expected.rows(), actual.rows());
    assertArrayEquals(expected.x(), actual.x());
    assertArrayEquals(expected.y(), actual.y());
  }

  private static Config randomised(int batchSize, int bptt, boolean shuffle) {
    return new Config(batchSize, bptt, Window.RANDOMISED_2018_03, shuffle, false, true);
  }

  private static Config backward(Config config) {
    return new Config(
        config.batchSize(), config.bptt(), config.window(), false, true, config.plainStream());
  }

  private static List<Integer> times(LmBatches batches) {
    var times = new ArrayList<Integer>();
    while (batches.hasNext()) {
      times.add(batches.next().time());
    }
    return times;
  }

  private static long[] row(long[] timeMajor, LmBatch batch, int t) {
    return Arrays.copyOfRange(timeMajor, t * batch.rows(), (t + 1) * batch.rows());
  }

  private static int[] column(long[] timeMajor, LmBatch batch, int row) {
    return IntStream.range(0, batch.time())
        .map(t -> Math.toIntExact(timeMajor[t * batch.rows() + row]))
        .toArray();
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  private static Recipe recipe(
      Standardise standardise, Recipe.Window window, boolean shuffle, Library library) {
    var lm =
        new Recipe.LanguageModel(
            true,
            0.1,
            52,
            70,
            window,
            shuffle,
            0.7,
            null,
            null,
            0,
            0,
            Recipe.Regularise.RAW,
            Recipe.Softmax.FULL,
            1,
            Recipe.StartBias.ZERO,
            0,
            List.of());
    var corpus = new Recipe.Corpus(standardise, 0.1, 0);
    return new Recipe(
        42,
        null,
        null,
        corpus,
        null,
        null,
        null,
        lm,
        null,
        null,
        null,
        null,
        new Recipe.Lesson(library),
        null);
  }
}
