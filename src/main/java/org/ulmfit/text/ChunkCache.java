package org.ulmfit.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a thread's recent chunks were cut: what becomes of a chunk depends on its characters alone
 * (spaCy keeps such a cache too).
 */
final class ChunkCache {
  static final int LONGEST = 24;
  private static final int SLOTS = 1 << 12;

  private final Entry[] entries = new Entry[SLOTS];

  /**
   * A chunk's tokens.
   *
   * @param ends of the tokens, relative to the chunk's start
   * @param keys of the tokens
   * @param flagged whether the tokens concern the second pass
   */
  record Entry(char[] chunk, int[] ends, long[] keys, boolean flagged) {
    /** Adds the tokens of a chunk that starts there. */
    void emit(int start, Spans tokens) {
      int from = start;
      for (int i = 0; i < ends.length; i++) {
        int to = start + ends[i];
        tokens.add(from, to, keys[i]);
        from = to;
      }
    }
  }

  /**
   * The entry of a chunk, or null.
   *
   * @param hash any number made of the chunk's characters alone
   */
  @Nullable Entry find(char[] text, int from, int to, long hash) {
    Entry entry = entries[slot(hash)];
    return entry != null && Arrays.equals(entry.chunk, 0, entry.chunk.length, text, from, to)
        ? entry
        : null;
  }

  /** Keeps the tokens from {@code first} on as those of a chunk. */
  void put(char[] text, int from, int to, long hash, Spans tokens, int first, boolean flagged) {
    int[] ends = new int[tokens.size() - first];
    long[] keys = new long[ends.length];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = tokens.to(first + i) - from;
      keys[i] = TokenKey.of(text, tokens.from(first + i), tokens.to(first + i));
    }
    entries[slot(hash)] = new Entry(Arrays.copyOfRange(text, from, to), ends, keys, flagged);
  }

  private static int slot(long hash) {
    return TokenKey.hash(hash) & SLOTS - 1;
  }
}
