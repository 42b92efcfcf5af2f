package org.ulmfit.text;

/** Strings of frequent tokens, so that a corpus does not make each of them anew; per thread. */
final class TokenStrings {
  private static final int SLOTS = 1 << 13;
  private static final int LONGEST = 24;

  private final long[] keys = new long[SLOTS];
  private final String[] keyed = new String[SLOTS];
  private final String[] others = new String[SLOTS];

  /**
   * The string of a range.
   *
   * @param key its {@link TokenKey}
   */
  String of(char[] text, int from, int to, long key) {
    if (key == TokenKey.NONE) {
      return other(text, from, to);
    }
    int slot = TokenKey.hash(key) & SLOTS - 1;
    if (keys[slot] != key) {
      keys[slot] = key;
      keyed[slot] = new String(text, from, to - from);
    }
    return keyed[slot];
  }

  private String other(char[] text, int from, int to) {
    if (to - from > LONGEST) {
      return new String(text, from, to - from);
    }
    long hash = (long) to - from;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + text[i];
    }
    int slot = TokenKey.hash(hash) & SLOTS - 1;
    if (others[slot] == null || !equal(others[slot], text, from, to)) {
      others[slot] = new String(text, from, to - from);
    }
    return others[slot];
  }

  private static boolean equal(String known, char[] text, int from, int to) {
    if (known.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (known.charAt(i - from) != text[i]) {
        return false;
      }
    }
    return true;
  }
}
