package org.ulmfit.text;

/** Strings of frequent tokens, so that a corpus does not make each of them anew; per thread. */
final class TokenStrings {
  private static final int SLOTS = 1 << 14;
  private static final int LONGEST = 16;

  private final String[] slots = new String[SLOTS];

  String of(char[] text, int from, int to) {
    int length = to - from;
    if (length > LONGEST) {
      return new String(text, from, length);
    }
    int hash = length;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + text[i];
    }
    int slot = (hash ^ hash >>> 14) & SLOTS - 1;
    String known = slots[slot];
    if (known != null && equal(known, text, from, length)) {
      return known;
    }
    String made = new String(text, from, length);
    slots[slot] = made;
    return made;
  }

  private static boolean equal(String known, char[] text, int from, int length) {
    if (known.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (known.charAt(i) != text[from + i]) {
        return false;
      }
    }
    return true;
  }
}
