package org.ulmfit.text;

/**
 * Short tokens as numbers: up to eight characters of Latin-1, the last in the lowest byte. Two
 * tokens with keys are equal if their keys are, so that most of a text is looked up without
 * comparing characters.
 */
final class TokenKey {
  /** The token is too long, too wide or empty. */
  static final long NONE = 0;

  static final int LONGEST = 8;

  private TokenKey() {}

  /** The key of a range. */
  static long of(char[] text, int from, int to) {
    if (to - from > LONGEST) {
      return NONE;
    }
    long key = 0;
    int wide = 0;
    for (int i = from; i < to; i++) {
      key = key << 8 | text[i];
      wide |= text[i] | text[i] - 1; // 0 too, which would vanish in front
    }
    return (wide & ~0xFF) == 0 ? key : NONE;
  }

  /** The token of a key. */
  static String token(long key) {
    StringBuilder token = new StringBuilder(LONGEST);
    for (int shift = 56; shift >= 0; shift -= 8) {
      if (key >>> shift != 0) {
        token.append((char) (key >>> shift & 0xFF));
      }
    }
    return token.toString();
  }

  /** Whether one of the characters is a space. */
  static boolean hasSpace(long key) {
    long spaces = key ^ 0x2020202020202020L; // 0 where there is one
    return (spaces - 0x0101010101010101L & ~spaces & 0x8080808080808080L) != 0;
  }

  /** For hash tables: spreads a key over all bits. */
  static int hash(long key) {
    long h = key * 0x9E3779B97F4A7C15L;
    return (int) (h >>> 32);
  }
}
