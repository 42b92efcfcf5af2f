package org.ulmfit.text;

import java.util.Map;

/**
 * Strings that are cut in a known way, looked up by a range of characters without a substring.
 * Longer ranges than the longest key are refused at once, so that a lookup costs O(1).
 */
final class KeyTable {
  private final char[][] keys;
  private final int[][] ends; // of the pieces, relative to the key's start
  private final int mask;
  private final int longest;
  private final boolean[] firstByte = new boolean[256]; // low byte of the keys' first characters

  /**
   * @param table key to its pieces; the pieces joined give the key
   */
  KeyTable(Map<String, String[]> table) {
    int capacity = Integer.highestOneBit(Math.max(table.size(), 8)) << 2;
    keys = new char[capacity][];
    ends = new int[capacity][];
    mask = capacity - 1;
    int max = 0;
    for (Map.Entry<String, String[]> entry : table.entrySet()) {
      String key = entry.getKey();
      max = Math.max(max, key.length());
      firstByte[key.charAt(0) & 0xFF] = true;
      put(key.toCharArray(), ends(entry.getValue()));
    }
    longest = max;
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

  private void put(char[] key, int[] pieceEnds) {
    int slot = slot(hash(key, 0, key.length));
    while (keys[slot] != null) {
      slot = slot + 1 & mask;
    }
    keys[slot] = key;
    ends[slot] = pieceEnds;
  }

  int longest() {
    return longest;
  }

  /** Whether a key may start with this character (a quick no for most). */
  boolean mayStart(char c) {
    return firstByte[c & 0xFF];
  }

  /** Ends of the pieces relative to {@code from}, or null if the range is no key. */
  int[] find(char[] text, int from, int to) {
    int length = to - from;
    if (length > longest || length <= 0 || !firstByte[text[from] & 0xFF]) {
      return null;
    }
    int slot = slot(hash(text, from, to));
    while (keys[slot] != null) {
      if (equal(keys[slot], text, from, length)) {
        return ends[slot];
      }
      slot = slot + 1 & mask;
    }
    return null;
  }

  private int slot(int hash) {
    return (hash ^ hash >>> 15) & mask;
  }

  private static int hash(char[] text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = hash * 0x01000193 + text[i];
    }
    return hash;
  }

  private static boolean equal(char[] key, char[] text, int from, int length) {
    if (key.length != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (key[i] != text[from + i]) {
        return false;
      }
    }
    return true;
  }
}
