package org.ulmfit.ngram;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;

/**
 * The n-grams of documents and the column that each has in a {@link SparseMatrix}. Exact: no two
 * n-grams share a column. Columns go by length, then by the tokens' ids, whatever the documents'
 * order and the number of threads. Thread-safe.
 */
public final class Ngrams {

  /** The longest n-gram there can be, in tokens. */
  public static final int LONGEST = 8;

  private final int shortest;
  private final NgramLevel[] levels; // by length - 1, those below the shortest as well
  private final int[] offsets; // column of each level's first

  private Ngrams(int shortest, NgramLevel[] levels) {
    this.shortest = shortest;
    this.levels = levels;
    this.offsets = new int[levels.length + 1];
    for (int n = 0; n < levels.length; n++) {
      int size = n + 1 < shortest ? 0 : levels[n].size();
      offsets[n + 1] = Math.addExact(offsets[n], size);
    }
  }

  /**
   * Counts n-grams; reads the documents once for each length up to the longest.
   *
   * @param shortest number of tokens of the shortest n-gram, from 1 on
   * @param longest of the longest, up to {@link #LONGEST}
   * @param minimum number of documents that an n-gram must occur in, from 1 on
   * @param breaks ids that no n-gram contains, such as those of marks and padding
   * @throws UlmfitException (usage) if a number is out of range; (bad data) if no n-gram is
   *     frequent enough, or there are more than memory can number; (interrupted) if stopped
   */
  public static Ngrams count(
      Documents documents, int shortest, int longest, int minimum, IntPredicate breaks, Stop stop) {
    if (shortest < 1 || longest < shortest || longest > LONGEST) {
      throw UlmfitException.usage(
          "n-grams of "
              + shortest
              + " to "
              + longest
              + " tokens: the lengths are 1 to "
              + LONGEST
              + ", the shorter first");
    }
    if (minimum < 1) {
      throw UlmfitException.usage(
          "n-grams of at least " + minimum + " documents: the smallest number is 1");
    }
    NgramCounter counter = new NgramCounter(documents, minimum, breaks, stop);
    NgramLevel[] levels = {};
    for (int n = 1; n <= longest; n++) {
      NgramLevel next = counter.next(levels);
      levels = Arrays.copyOf(levels, n);
      levels[n - 1] = next;
    }
    Ngrams ngrams = new Ngrams(shortest, levels);
    if (ngrams.columns() == 0) {
      throw UlmfitException.badData(
          Shown.format(
              "no n-gram of %d to %d tokens occurs in %,d of the %,d documents; ask for shorter"
                  + " ones or those of fewer documents",
              shortest, longest, minimum, documents.count()));
    }
    return ngrams;
  }

  /**
   * N-grams as {@link #prefixes} and {@link #lasts} gave them.
   *
   * @param prefixes (lengths) of the n-grams of each length from 1 on
   * @param lasts the same
   * @throws UlmfitException (bad model) if they are no such arrays
   */
  public static Ngrams of(int shortest, int[][] prefixes, int[][] lasts) {
    boolean fits = shortest >= 1 && prefixes.length >= shortest && prefixes.length <= LONGEST;
    if (!fits || lasts.length != prefixes.length) {
      throw broken("lengths from " + shortest + " to " + prefixes.length);
    }
    NgramLevel[] levels = new NgramLevel[prefixes.length];
    int before = 1;
    for (int n = 0; n < levels.length; n++) {
      levels[n] = NgramLevel.of(pairs(n + 1, prefixes[n], lasts[n], before));
      before = levels[n].size();
    }
    return new Ngrams(shortest, levels);
  }

  private static long[] pairs(int length, int[] prefixes, int[] lasts, int before) {
    if (prefixes.length != lasts.length) {
      throw broken(length + "-grams of " + prefixes.length + " and " + lasts.length + " numbers");
    }
    long[] pairs = new long[lasts.length];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = PairTable.pair(prefixes[i], lasts[i]);
      boolean inside = prefixes[i] >= 0 && prefixes[i] < before && lasts[i] >= 0;
      if (!inside || i > 0 && pairs[i] <= pairs[i - 1]) {
        throw broken(length + "-gram " + i);
      }
    }
    return pairs;
  }

  private static UlmfitException broken(String what) {
    return UlmfitException.badModel("the n-grams are damaged (" + what + "); train again");
  }

  /** Number of tokens of the shortest n-gram with a column. */
  public int shortest() {
    return shortest;
  }

  /** Number of tokens of the longest n-gram. */
  public int longest() {
    return levels.length;
  }

  /** Number of n-grams, which is the width of a matrix of them. */
  public int columns() {
    return offsets[levels.length];
  }

  /** Number of n-grams of a length, those without a column as well. */
  int size(int length) {
    return levels[length - 1].size();
  }

  /**
   * For each n-gram of a length, the index of its first tokens among those one shorter; 0 where
   * there are none. Sorted.
   *
   * @param length 1 to {@link #longest}
   */
  public int[] prefixes(int length) {
    NgramLevel level = levels[length - 1];
    return IntStream.range(0, level.size()).map(level::prefix).toArray();
  }

  /** For each n-gram of a length the id of its last token. */
  public int[] lasts(int length) {
    NgramLevel level = levels[length - 1];
    return IntStream.range(0, level.size()).map(level::id).toArray();
  }

  /** The token ids of a column's n-gram. */
  public int[] ids(int column) {
    int n = shortest - 1;
    while (column >= offsets[n + 1]) {
      n++;
    }
    int[] ids = new int[n + 1];
    int index = column - offsets[n];
    for (; n >= 0; n--) {
      ids[n] = levels[n].id(index);
      index = levels[n].prefix(index);
    }
    return ids;
  }

  /** Told of an n-gram of a document: its column, its first token's place, number of tokens. */
  interface Occurrence {
    void at(int column, int from, int length);
  }

  /** Hands on the column of each n-gram of a document, once for each time that it occurs. */
  void forEach(int[] ids, IntConsumer columns) {
    forEach(ids, (column, from, length) -> columns.accept(column));
  }

  /** Hands on each n-gram of a document, once for each time that it occurs. */
  void forEach(int[] ids, Occurrence told) {
    for (int at = 0; at < ids.length; at++) {
      int node = 0;
      for (int n = 0; n < levels.length && at + n < ids.length; n++) {
        node = levels[n].find(node, ids[at + n]);
        if (node < 0) {
          break;
        }
        if (n + 1 >= shortest) {
          told.at(offsets[n] + node, at, n + 1);
        }
      }
    }
  }

  /**
   * How often each n-gram occurs in each document.
   *
   * @return (documents, columns)
   * @throws UlmfitException (bad data) if that is more than a matrix holds; (interrupted) if
   *     stopped
   */
  public SparseMatrix counts(Documents documents, Stop stop) {
    return NgramRow.matrix(this, documents, stop);
  }
}
