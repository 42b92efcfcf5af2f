package org.ulmfit.subword;

import java.util.Arrays;

/**
 * How often each word occurs, a word being a string between two breaks; memory is that of the
 * distinct ones. Open addressing over one pool of characters. For one thread.
 */
final class WordCounts {
  private static final int SPREAD = 0x9E3779B9;

  private char[] pool = new char[1 << 16];
  private int[] starts = new int[1 << 12]; // of each word in the pool, and the end of the last
  private long[] counts = new long[1 << 12];
  private int[] hashes = new int[1 << 12];
  private int[] table = new int[1 << 13]; // word + 1; 0 = free
  private int size;

  int size() {
    return size;
  }

  long count(int word) {
    return counts[word];
  }

  char[] pool() {
    return pool;
  }

  /** Where a word begins in the pool; that of {@link #size} is where the last one ends. */
  int start(int word) {
    return starts[word];
  }

  /** The words by what they are, not by when they came. */
  int[] order() {
    long[] byHash = new long[size];
    for (int word = 0; word < size; word++) {
      byHash[word] = (long) hashes[word] << 32 | word;
    }
    Arrays.parallelSort(byHash);
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int word = (int) byHash[i];
      int at = i;
      while (at > 0 && hashes[order[at - 1]] == hashes[word] && compare(word, order[at - 1]) < 0) {
        order[at] = order[--at];
      }
      order[at] = word;
    }
    return order;
  }

  private int compare(int a, int b) {
    return Arrays.compare(pool, starts[a], starts[a + 1], pool, starts[b], starts[b + 1]);
  }

  /** The word of a lead and a range of a text occurs once more. */
  void add(String lead, char[] text, int from, int to) {
    add(lead, text, from, to, 1);
  }

  /** All that another one counted. */
  void add(WordCounts other) {
    for (int word = 0; word < other.size; word++) {
      add("", other.pool, other.starts[word], other.starts[word + 1], other.counts[word]);
    }
  }

  private void add(String lead, char[] text, int from, int to, long times) {
    int hash = 0;
    for (int i = 0; i < lead.length(); i++) {
      hash = 31 * hash + lead.charAt(i);
    }
    for (int i = from; i < to; i++) {
      hash = 31 * hash + text[i];
    }
    int mask = table.length - 1;
    int slot = hash * SPREAD >>> Integer.numberOfLeadingZeros(mask);
    while (table[slot] != 0) {
      int word = table[slot] - 1;
      if (hashes[word] == hash && is(word, lead, text, from, to)) {
        counts[word] += times;
        return;
      }
      slot = slot + 1 & mask;
    }
    append(lead, text, from, to, hash, times);
    table[slot] = size;
    if (2 * size > table.length) {
      rehash();
    }
  }

  private boolean is(int word, String lead, char[] text, int from, int to) {
    int at = starts[word];
    if (starts[word + 1] - at != lead.length() + to - from) {
      return false;
    }
    for (int i = 0; i < lead.length(); i++) {
      if (pool[at++] != lead.charAt(i)) {
        return false;
      }
    }
    return Arrays.equals(pool, at, starts[word + 1], text, from, to);
  }

  private void append(String lead, char[] text, int from, int to, int hash, long times) {
    int start = starts[size];
    int end = Math.addExact(start, lead.length() + to - from);
    if (end > pool.length) {
      pool = Arrays.copyOf(pool, grown(end, pool.length));
    }
    if (size + 2 > starts.length) {
      int room = grown(size + 2, starts.length);
      starts = Arrays.copyOf(starts, room);
      counts = Arrays.copyOf(counts, room);
      hashes = Arrays.copyOf(hashes, room);
    }
    lead.getChars(0, lead.length(), pool, start);
    System.arraycopy(text, from, pool, start + lead.length(), to - from);
    counts[size] = times;
    hashes[size] = hash;
    starts[++size] = end;
  }

  /** At least as much as needed, and half as much again as there was. */
  static int grown(int needed, int was) {
    return (int) Math.max(needed, Math.min(Integer.MAX_VALUE - 8L, was + (was >> 1)));
  }

  private void rehash() {
    table = new int[2 * table.length];
    int mask = table.length - 1;
    for (int word = 0; word < size; word++) {
      int slot = hashes[word] * SPREAD >>> Integer.numberOfLeadingZeros(mask);
      while (table[slot] != 0) {
        slot = slot + 1 & mask;
      }
      table[slot] = word + 1;
    }
  }
}
