package org.ulmfit.subword;

import java.util.Arrays;

/**
 * The pairs of neighbouring symbols met so far, numbered as they are met, how often each occurs,
 * and the words in which it has come up since they were last taken. Open addressing.
 */
final class PairTable {
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private long[] keys = new long[1 << 12]; // of each pair
  private long[] counts = new long[1 << 12];
  private int[][] words = new int[1 << 12][];
  private int[] wordCounts = new int[1 << 12];
  private int[] table = new int[1 << 13]; // pair + 1; 0 = free
  private int size;

  static long key(int left, int right) {
    return (long) left << 32 | right;
  }

  static int left(long key) {
    return (int) (key >>> 32);
  }

  static int right(long key) {
    return (int) key;
  }

  int size() {
    return size;
  }

  long key(int pair) {
    return keys[pair];
  }

  long count(int pair) {
    return counts[pair];
  }

  /** Number of the pair, a new one if it was not met before. */
  int of(long key) {
    int mask = table.length - 1;
    int slot = slot(key, mask);
    while (table[slot] != 0) {
      int pair = table[slot] - 1;
      if (keys[pair] == key) {
        return pair;
      }
      slot = slot + 1 & mask;
    }
    if (size == keys.length) {
      int room = WordCounts.grown(size + 1, size);
      keys = Arrays.copyOf(keys, room);
      counts = Arrays.copyOf(counts, room);
      words = Arrays.copyOf(words, room);
      wordCounts = Arrays.copyOf(wordCounts, room);
    }
    keys[size] = key;
    table[slot] = ++size;
    if (2 * size > table.length) {
      rehash();
    }
    return size - 1;
  }

  private static int slot(long key, int mask) {
    return (int) (key * SPREAD >>> 33) & mask;
  }

  private void rehash() {
    table = new int[2 * table.length];
    int mask = table.length - 1;
    for (int pair = 0; pair < size; pair++) {
      int slot = slot(keys[pair], mask);
      while (table[slot] != 0) {
        slot = slot + 1 & mask;
      }
      table[slot] = pair + 1;
    }
  }

  void add(int pair, long times) {
    counts[pair] += times;
  }

  /**
   * The pair has come up in a word; words come one after the other.
   *
   * @return whether it is the first since the words were taken
   */
  boolean in(int pair, int word) {
    int n = wordCounts[pair];
    int[] own = words[pair];
    if (n > 0 && own[n - 1] == word) {
      return false;
    }
    if (own == null) {
      own = new int[2];
      words[pair] = own;
    } else if (n == own.length) {
      own = Arrays.copyOf(own, WordCounts.grown(n + 2, n));
      words[pair] = own;
    }
    own[n] = word;
    wordCounts[pair] = n + 1;
    return n == 0;
  }

  /** The words in which the pair has come up since the last call. */
  int[] takeWords(int pair) {
    int n = wordCounts[pair];
    int[] own = words[pair];
    words[pair] = null;
    wordCounts[pair] = 0;
    return own.length == n ? own : Arrays.copyOf(own, n);
  }
}
