package org.ulmfit.subword;

import java.util.Arrays;

/**
 * The distinct words of a corpus as symbols, one a character at first, and how often each occurs.
 *
 * @param alphabet the code points, ascending; a symbol is an index into them
 * @param symbols of all words, one word behind the other
 * @param starts where each begins, and where the last one ends
 */
record Words(int[] alphabet, int[] symbols, int[] starts, long[] counts) {

  static Words of(WordCounts found) {
    int[] symbols = codePoints(found);
    int[] alphabet = alphabet(symbols, Arrays.stream(symbols).max().orElse(0));
    int[] starts = new int[found.size() + 1];
    long[] counts = new long[found.size()];
    int[] indexOf = new int[alphabet.length == 0 ? 0 : alphabet[alphabet.length - 1] + 1];
    for (int i = 0; i < alphabet.length; i++) {
      indexOf[alphabet[i]] = i;
    }
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = indexOf[symbols[i]];
    }
    for (int word = 0; word < counts.length; word++) {
      int length =
          Character.codePointCount(
              found.pool(), found.start(word), found.start(word + 1) - found.start(word));
      starts[word + 1] = starts[word] + length;
      counts[word] = found.count(word);
    }
    return new Words(alphabet, symbols, starts, counts);
  }

  private static int[] codePoints(WordCounts found) {
    char[] pool = found.pool();
    int end = found.start(found.size());
    int[] out = new int[Character.codePointCount(pool, 0, end)];
    int n = 0;
    for (int i = 0; i < end; n++) {
      out[n] = Character.codePointAt(pool, i, end);
      i += Character.charCount(out[n]);
    }
    return out;
  }

  private static int[] alphabet(int[] codePoints, int greatest) {
    boolean[] seen = new boolean[greatest + 1];
    for (int c : codePoints) {
      seen[c] = true;
    }
    int[] out = new int[codePoints.length == 0 ? 0 : Math.min(codePoints.length, seen.length)];
    int n = 0;
    for (int c = 0; c < seen.length; c++) {
      if (seen[c] && n < out.length) {
        out[n++] = c;
      }
    }
    return Arrays.copyOf(out, n);
  }

  int size() {
    return counts.length;
  }

  /** How often each character occurs. */
  long[] characterCounts() {
    long[] out = new long[alphabet.length];
    for (int word = 0; word < counts.length; word++) {
      for (int i = starts[word]; i < starts[word + 1]; i++) {
        out[symbols[i]] += counts[word];
      }
    }
    return out;
  }

  String character(int symbol) {
    return Character.toString(alphabet[symbol]);
  }
}
