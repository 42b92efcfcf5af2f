package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.ulmfit.lm.LmBatches.Config;
import org.ulmfit.lm.LmBatches.Window;
import org.ulmfit.random.NumpyRandom;

/** The cursors against a plain matrix, and a resumed pass against an uninterrupted one. */
class LmBatchesPropertyTest {

  private static final long SEED = 42;

  @Property
  void equalsTheMatrixOfTheConcatenation(
      @ForAll @From("corpora") List<int[]> corpus,
      @ForAll @From("configs") Config config,
      @ForAll @IntRange(max = 2) int epoch) {
    Assume.that(config.batches(corpus.stream().mapToInt(text -> text.length).sum()) > 0);
    var batches = LmBatches.open(documents(corpus), config, SEED, 3, epoch);
    int[][] matrix = matrix(corpus, config, epoch);
    int row = 0;
    while (batches.hasNext()) {
      LmBatch batch = batches.next();
      for (int t = 0; t < batch.time(); t++, row++) {
        for (int r = 0; r < config.batchSize(); r++) {
          assertEquals(matrix[row][r], batch.x()[t * batch.rows() + r]);
          assertEquals(matrix[row + 1][r], batch.y()[t * batch.rows() + r]);
        }
      }
    }
    assertEquals(batches.targets(), (long) row * config.batchSize());
    assertTrue(batches.batches() <= config.batches(tokens(corpus)));
    if (config.window() == Window.FIXED) {
      assertEquals(matrix.length - 1, row);
      assertEquals(config.batches(tokens(corpus)), batches.batches());
    }
  }

  @Property
  void aResumedPassEqualsAnUninterruptedOne(
      @ForAll @From("corpora") List<int[]> corpus,
      @ForAll @From("configs") Config config,
      @ForAll @IntRange(max = 2) int epoch,
      @ForAll @IntRange(max = 5) int readFirst,
      @ForAll @IntRange(max = 20) int stop) {
    Assume.that(config.batches(tokens(corpus)) > 0);
    var whole = LmBatches.open(documents(corpus), config, SEED, 3, epoch);
    var resumed = LmBatches.open(documents(corpus), config, SEED, 3, epoch);
    int position = Math.min(stop, whole.batches());
    for (int i = 0; i < position; i++) {
      whole.next();
    }
    for (int i = 0; i < Math.min(readFirst, position); i++) {
      resumed.next();
    }
    resumed.skip(position - resumed.position());
    while (whole.hasNext()) {
      LmBatchesTest.assertSame(whole.next(), resumed.next());
      assertEquals(whole.position(), resumed.position());
    }
    assertEquals(whole.hasNext(), resumed.hasNext());
  }

  /** (time, rows), built the way the libraries describe it. */
  private static int[][] matrix(List<int[]> corpus, Config config, int epoch) {
    int[] order = order(corpus.size(), config, epoch, corpus);
    boolean fixed = config.window() == Window.FIXED;
    var flat = new ArrayList<Integer>();
    for (int doc : order) {
      int[] text = corpus.get(doc);
      for (int i = 0; i < text.length; i++) {
        flat.add(text[fixed && config.backward() ? text.length - 1 - i : i]);
      }
    }
    int rows = fixed ? (flat.size() - 1) / config.batchSize() : flat.size() / config.batchSize();
    int[][] matrix = new int[fixed ? rows + 1 : rows][config.batchSize()];
    for (int t = 0; t < matrix.length; t++) {
      for (int r = 0; r < config.batchSize(); r++) {
        int at = !fixed && config.backward() ? matrix.length - 1 - t : t;
        matrix[t][r] = flat.get(r * rows + at);
      }
    }
    return matrix;
  }

  private static int[] order(int docs, Config config, int epoch, List<int[]> corpus) {
    if (!config.shuffle()) {
      return IntStream.range(0, docs).toArray();
    }
    if (!config.plainStream()) {
      return new NumpyRandom(SEED, 3, epoch).permutation(docs);
    }
    var random = new NumpyRandom(SEED);
    for (int e = 0; e < epoch; e++) {
      random.permutation(docs);
      if (config.window() != Window.FIXED) {
        boolean first = config.window() == Window.RANDOMISED_2018_06;
        int rows = (int) tokens(corpus) / config.batchSize();
        BpttWindows.randomised(rows, config.bptt(), first, random);
      }
    }
    return random.permutation(docs);
  }

  private static long tokens(List<int[]> corpus) {
    return corpus.stream().mapToInt(text -> text.length).sum();
  }

  private static Documents documents(List<int[]> corpus) {
    return new InMemoryDocuments(corpus.toArray(int[][]::new));
  }

  @Provide
  Arbitrary<List<int[]>> corpora() {
    return Arbitraries.integers()
        .between(0, 9999)
        .array(int[].class)
        .ofMaxSize(60)
        .list()
        .ofMinSize(1)
        .ofMaxSize(30);
  }

  @Provide
  Arbitrary<Config> configs() {
    var flags = Arbitraries.of(true, false);
    return Combinators.combine(
            Arbitraries.integers().between(1, 7),
            Arbitraries.integers().between(1, 12),
            Arbitraries.of(Window.class),
            flags,
            flags,
            flags)
        .as(Config::new);
  }
}
