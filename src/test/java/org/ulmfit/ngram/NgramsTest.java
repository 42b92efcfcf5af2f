package org.ulmfit.ngram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.TokenStoreWriter;

class NgramsTest {
  private static final int MARK = 2;

  private static int[][] random(Random random, int rows, int ids, int length) {
    return IntStream.range(0, rows)
        .mapToObj(row -> random.ints(random.nextInt(length + 1), 0, ids).toArray())
        .toArray(int[][]::new);
  }

  private static Ngrams count(int[][] documents, int shortest, int longest, int minimum) {
    Documents own = Made.documents(documents);
    return Ngrams.count(own, shortest, longest, minimum, id -> id == MARK, new Stop());
  }

  /** n-grams of a document as lists, with how often they occur. */
  private static Map<List<Integer>, Integer> plainly(int[] ids, int shortest, int longest) {
    Map<List<Integer>, Integer> found = new HashMap<>();
    for (int n = shortest; n <= longest; n++) {
      for (int at = 0; at + n <= ids.length; at++) {
        List<Integer> ngram = Arrays.stream(ids, at, at + n).boxed().toList();
        if (!ngram.contains(MARK)) {
          found.merge(ngram, 1, Integer::sum);
        }
      }
    }
    return found;
  }

  private static int compare(List<Integer> a, List<Integer> b) {
    return a.size() == b.size()
        ? Arrays.compare(
            a.stream().mapToInt(i -> i).toArray(), b.stream().mapToInt(i -> i).toArray())
        : a.size() - b.size();
  }

  @Test
  void areThoseThatCountingWithListsFinds() {
    Random random = new Random(1);
    for (int round = 0; round < 60; round++) {
      int shortest = 1 + random.nextInt(8);
      int longest = shortest + random.nextInt(9 - shortest);
      int minimum = 1 + random.nextInt(3);
      int[][] documents = random(random, 20, 2 + random.nextInt(5), 60);
      Map<List<Integer>, Integer> frequency =
          new TreeMap<>((Comparator<List<Integer>>) NgramsTest::compare);
      for (int[] ids : documents) {
        plainly(ids, shortest, longest).keySet().forEach(g -> frequency.merge(g, 1, Integer::sum));
      }
      frequency.values().removeIf(rows -> rows < minimum);
      List<List<Integer>> expected = List.copyOf(frequency.keySet());
      if (expected.isEmpty()) {
        continue;
      }
      Ngrams ngrams = count(documents, shortest, longest, minimum);
      assertEquals(expected.size(), ngrams.columns());
      SparseMatrix counts = ngrams.counts(Made.documents(documents), new Stop());
      for (int column = 0; column < ngrams.columns(); column++) {
        int[] ids = ngrams.ids(column);
        assertEquals(expected.get(column), Arrays.stream(ids).boxed().toList());
      }
      for (int row = 0; row < documents.length; row++) {
        Map<List<Integer>, Integer> own = plainly(documents[row], shortest, longest);
        double[] dense = Made.dense(counts, row);
        for (int column = 0; column < dense.length; column++) {
          assertEquals(own.getOrDefault(expected.get(column), 0), (int) dense[column]);
        }
      }
    }
  }

  @Test
  void columnsDoNotDependOnTheOrderOfDocuments() {
    int[][] documents = random(new Random(3), 50, 12, 30);
    Ngrams ngrams = count(documents, 1, 3, 2);
    List<int[]> shuffled = new ArrayList<>(List.of(documents));
    Collections.shuffle(shuffled, new Random(4));
    Ngrams others = count(shuffled.toArray(int[][]::new), 1, 3, 2);
    for (int n = 1; n <= 3; n++) {
      assertArrayEquals(ngrams.prefixes(n), others.prefixes(n));
      assertArrayEquals(ngrams.lasts(n), others.lasts(n));
    }
  }

  @Test
  void aMatrixOfMoreThanOneBlockHasAllRowsInTheirPlaces() {
    int[][] documents = random(new Random(5), 2500, 6, 10);
    Ngrams ngrams = count(documents, 1, 2, 1);
    SparseMatrix counts = ngrams.counts(Made.documents(documents), new Stop());
    assertEquals(2500, counts.rows());
    for (int row = 0; row < counts.rows(); row += 7) {
      SparseMatrix alone = ngrams.counts(Made.documents(documents[row]), new Stop());
      assertArrayEquals(Made.dense(alone, 0), Made.dense(counts, row));
    }
  }

  @Test
  void openedFromTheirNumbersTheyAreTheSame() {
    int[][] documents = random(new Random(6), 40, 9, 25);
    Ngrams ngrams = count(documents, 2, 4, 2);
    int[][] prefixes = {
      ngrams.prefixes(1), ngrams.prefixes(2), ngrams.prefixes(3), ngrams.prefixes(4)
    };
    int[][] lasts = {ngrams.lasts(1), ngrams.lasts(2), ngrams.lasts(3), ngrams.lasts(4)};
    Ngrams opened = Ngrams.of(ngrams.shortest(), prefixes, lasts);
    assertEquals(ngrams.columns(), opened.columns());
    assertEquals(4, opened.longest());
    Documents more = Made.documents(random(new Random(7), 40, 14, 25));
    SparseMatrix expected = ngrams.counts(more, new Stop());
    SparseMatrix actual = opened.counts(more, new Stop());
    for (int row = 0; row < 40; row++) {
      assertArrayEquals(Made.dense(expected, row), Made.dense(actual, row));
    }
  }

  @Test
  void damagedNumbersAreRefused() {
    int[][] good = {{0, 0}, {0, 1}};
    assertEquals(4, Ngrams.of(1, good, new int[][] {{3, 4}, {4, 3}}).columns());
    broken(1, new int[][] {{0, 0}, {0, 2}}, new int[][] {{3, 4}, {4, 3}});
    broken(1, new int[][] {{0, 0}, {-1, 1}}, new int[][] {{3, 4}, {4, 3}});
    broken(1, new int[][] {{0, 1}, {0, 1}}, new int[][] {{3, 4}, {4, 3}});
    broken(1, good, new int[][] {{3, 3}, {4, 3}});
    broken(1, good, new int[][] {{4, 3}, {4, 3}});
    broken(1, good, new int[][] {{-3, 4}, {4, 3}});
    broken(1, good, new int[][] {{3, 4}, {4}});
    broken(1, good, new int[][] {{3, 4}});
    broken(3, good, new int[][] {{3, 4}, {4, 3}});
    broken(0, good, new int[][] {{3, 4}, {4, 3}});
    broken(1, new int[9][0], new int[9][0]);
  }

  private static void broken(int shortest, int[][] prefixes, int[][] lasts) {
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> Ngrams.of(shortest, prefixes, lasts));
    assertEquals(UlmfitException.Kind.BAD_MODEL, e.kind());
    assertTrue(e.getMessage().contains("train again"), e.getMessage());
  }

  @Test
  void lengthsAndNumbersOutOfRangeAreRefused() {
    int[][] documents = {{1, 3}, {1}};
    for (int[] lengths : new int[][] {{0, 1}, {2, 1}, {1, 9}}) {
      refused(
          UlmfitException.Kind.USAGE, documents, lengths[0], lengths[1], 1, "lengths are 1 to 8");
    }
    refused(UlmfitException.Kind.USAGE, documents, 1, 1, 0, "smallest number is 1");
    refused(UlmfitException.Kind.BAD_DATA, documents, 1, 2, 3, "no n-gram of 1 to 2 tokens");
    refused(UlmfitException.Kind.BAD_DATA, new int[][] {{MARK, MARK}}, 1, 2, 1, "no n-gram");
  }

  private static void refused(
      UlmfitException.Kind kind, int[][] documents, int n1, int n2, int minimum, String why) {
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> count(documents, n1, n2, minimum));
    assertEquals(kind, e.kind());
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void countingCanBeStopped() {
    Stop stop = new Stop();
    Documents documents =
        new Documents(
            1000,
            doc -> {
              if (doc == 10) {
                stop.request();
              }
              assertTrue(doc <= 10);
              return new int[] {1};
            });
    UlmfitException e =
        assertThrows(
            UlmfitException.class, () -> Ngrams.count(documents, 1, 1, 1, id -> false, stop));
    assertEquals(UlmfitException.Kind.INTERRUPTED, e.kind());
  }

  @Test
  void documentsOfAStore(@TempDir Path dir) {
    Path file = dir.resolve("ids.tokens");
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      writer.append("a", new int[] {4, 5}, 0);
      writer.append("b", new int[] {5}, 1);
      writer.append("c", new int[] {}, 1);
      writer.finish();
    }
    try (TokenStore store = TokenStore.open(file)) {
      Documents some = Documents.of(store).rows(new int[] {1, 0});
      assertEquals(3, Documents.of(store).count());
      assertEquals(2, some.count());
      assertArrayEquals(new int[] {5}, some.ids().apply(0));
      assertArrayEquals(new int[] {4, 5}, some.ids().apply(1));
    }
  }

  @Test
  void pairsKeepTheirNumbersWhateverTheirHash() {
    Random random = new Random(8);
    PairTable table = new PairTable();
    Map<Long, Integer> plain = new HashMap<>();
    Set<Long> absent = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      int first = random.nextInt(4) == 0 ? random.nextInt(Integer.MAX_VALUE) : random.nextInt(50);
      int second = random.nextInt(4) == 0 ? random.nextInt(Integer.MAX_VALUE) : random.nextInt(90);
      long pair = PairTable.pair(first, second);
      assertEquals(first, PairTable.first(pair));
      assertEquals(second, PairTable.second(pair));
      if (i % 3 == 0) {
        absent.add(pair);
      } else {
        plain.putIfAbsent(pair, plain.size());
        assertEquals(plain.get(pair), table.add(pair));
      }
    }
    assertEquals(plain.size(), table.size());
    plain.forEach((pair, number) -> assertEquals(number, table.find(pair)));
    plain.forEach((pair, number) -> assertEquals(pair, table.pair(number)));
    absent.removeAll(plain.keySet());
    absent.forEach(pair -> assertEquals(-1, table.find(pair)));
  }
}
