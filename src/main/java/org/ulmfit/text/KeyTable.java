package org.ulmfit.text;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Strings that are cut in a known way, looked up by a range of characters without a substring.
 * Longer ranges than the longest string are refused at once, so that a lookup costs O(1).
 */
final class KeyTable {
  private final long[] keys; // of the short ones; linear probing
  private final int[][] ends; // of the pieces, relative to the start
  private final Map<String, int[]> others = new HashMap<>();
  private final int[] otherStarts =
      new int[256]; // bit n: one of length n, by low byte of its first
  private final int longest; // below 32
  private final boolean[] firstByte = new boolean[256]; // low byte of the first characters

  /**
   * @param table string to its pieces; the pieces joined give the string
   */
  KeyTable(Map<String, String[]> table) {
    int capacity = Integer.highestOneBit(Math.max(table.size(), 8)) << 2;
    keys = new long[capacity];
    ends = new int[capacity][];
    longest = table.keySet().stream().mapToInt(String::length).max().orElse(0);
    table.forEach((string, pieces) -> put(string, ends(pieces)));
  }

  private static int[] ends(String[] pieces) {
    int[] ends = new int[pieces.length];
    int end = 0;
    for (int i = 0; i < pieces.length; i++) {
      end += pieces[i].length();
      ends[i] = end;
    }
    return ends;
  }

  private void put(String string, int[] pieceEnds) {
    firstByte[string.charAt(0) & 0xFF] = true;
    long key = TokenKey.of(string.toCharArray(), 0, string.length());
    if (key == TokenKey.NONE) {
      others.put(string, pieceEnds);
      otherStarts[string.charAt(0) & 0xFF] |= 1 << string.length();
    } else {
      int slot = slot(key);
      keys[slot] = key;
      ends[slot] = pieceEnds;
    }
  }

  int longest() {
    return longest;
  }

  /** Whether one may start with this character (a quick no for most). */
  boolean mayStart(char c) {
    return firstByte[c & 0xFF];
  }

  /** Ends of the pieces relative to {@code from}, or null if the range is not in the table. */
  int @Nullable [] find(char[] text, int from, int to) {
    int length = to - from;
    if (length > longest || length <= 0 || !firstByte[text[from] & 0xFF]) {
      return null;
    }
    return find(text, from, to, TokenKey.of(text, from, to));
  }

  /**
   * The same for a range that is not empty.
   *
   * @param key its {@link TokenKey}
   */
  int @Nullable [] find(char[] text, int from, int to, long key) {
    if (key != TokenKey.NONE) {
      return ends[slot(key)];
    }
    int length = to - from;
    boolean possible = length <= longest && (otherStarts[text[from] & 0xFF] >> length & 1) != 0;
    return possible ? others.get(new String(text, from, length)) : null;
  }

  /** Where a key is or belongs. */
  private int slot(long key) {
    int slot = TokenKey.hash(key) & keys.length - 1;
    while (keys[slot] != key && keys[slot] != TokenKey.NONE) {
      slot = slot + 1 & keys.length - 1;
    }
    return slot;
  }
}
