package org.ulmfit.subword;

import java.util.BitSet;

/**
 * The distinct words of a corpus as symbols, one a character at first, and how often each occurs.
 *
 * @param alphabet the code points, ascending; a symbol is an index into them
 * @param symbols of all words, one word behind the other
 * @param starts where each begins, and where the last one ends
 */
record Words(int[] alphabet, int[] symbols, int[] starts, long[] counts) {

  /** The words in an order of their own, whatever the order in which they were counted. */
  static Words of(WordCounts found) {
    int[] order = found.order();
    char[] pool = found.pool();
    int[] starts = new int[order.length + 1];
    long[] counts = new long[order.length];
    int[] symbols = new int[Character.codePointCount(pool, 0, found.start(order.length))];
    int n = 0;
    for (int i = 0; i < order.length; i++) {
      int end = found.start(order[i] + 1);
      for (int at = found.start(order[i]); at < end; n++) {
        symbols[n] = Character.codePointAt(pool, at, end);
        at += Character.charCount(symbols[n]);
      }
      starts[i + 1] = n;
      counts[i] = found.count(order[i]);
    }
    int[] alphabet = alphabet(symbols);
    int[] indexOf = new int[Character.MAX_CODE_POINT + 1];
    for (int i = 0; i < alphabet.length; i++) {
      indexOf[alphabet[i]] = i;
    }
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = indexOf[symbols[i]];
    }
    return new Words(alphabet, symbols, starts, counts);
  }

  private static int[] alphabet(int[] codePoints) {
    BitSet seen = new BitSet();
    for (int c : codePoints) {
      seen.set(c);
    }
    return seen.stream().toArray();
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
