package org.ulmfit.text;

import java.util.Arrays;
import java.util.Map;

/**
 * spaCy 3 looks at the tokens of the whole document once more: where neighbours are just what the
 * affix rules make of an exception ({@code :} and {@code )} of {@code :)}), the exception wins.
 */
final class SecondPass {
  private final KeyTable cut; // exception to the pieces the affix rules make of it
  private final KeyTable exceptions;
  private final int mostPieces;

  SecondPass(Map<String, String[]> cut, KeyTable exceptions) {
    this.cut = new KeyTable(cut);
    this.exceptions = exceptions;
    this.mostPieces = cut.values().stream().mapToInt(p -> p.length).max().orElse(0);
  }

  /** Whether the tokens from {@code first} on, all of one chunk, hold a sequence to look at. */
  boolean concerns(char[] text, Spans tokens, int first) {
    for (int i = first; i + 1 < tokens.size(); i++) {
      if (cut.mayStart(text[tokens.from(i)]) && longest(text, tokens, i, 2) > 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * How many tokens from {@code i} on make up the longest cut exception, 0 if there is none of at
   * least {@code least} tokens. The tokens have to adjoin in {@code text}.
   */
  private int longest(char[] text, Spans tokens, int i, int least) {
    int from = tokens.from(i);
    int count = Math.min(mostPieces, tokens.size() - i);
    for (int n = count; n >= least; n--) {
      if (isCut(text, tokens, i, n, from)) {
        return n;
      }
    }
    return 0;
  }

  private boolean isCut(char[] text, Spans tokens, int i, int n, int from) {
    int[] ends = cut.find(text, from, tokens.to(i + n - 1));
    if (ends == null || ends.length != n) {
      return false;
    }
    for (int j = 0; j < n; j++) {
      if (tokens.to(i + j) != from + ends[j]) {
        return false;
      }
    }
    return true;
  }

  /** The tokens of the document with the accepted sequences replaced. */
  Spans apply(char[] text, Spans tokens) {
    Spans joined = new Spans(tokens.size());
    char[] letters = withoutSpaces(text, tokens, joined);
    int[] accepted = accept(letters, joined);
    Spans out = new Spans(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      int n = accepted[i];
      int from = tokens.from(i);
      int[] ends = n == 0 ? null : exceptions.find(text, from, tokens.to(i + n - 1));
      if (ends == null) {
        out.add(from, tokens.to(i));
        continue;
      }
      int start = from;
      for (int end : ends) {
        out.add(start, from + end);
        start = from + end;
      }
      i += n - 1;
    }
    return out;
  }

  /** The tokens' characters without what lies between them, and the tokens' places there. */
  private static char[] withoutSpaces(char[] text, Spans tokens, Spans joined) {
    char[] letters = new char[text.length];
    int length = 0;
    for (int i = 0; i < tokens.size(); i++) {
      int size = tokens.to(i) - tokens.from(i);
      System.arraycopy(text, tokens.from(i), letters, length, size);
      joined.add(length, length + size);
      length += size;
    }
    return letters;
  }

  /**
   * For each token the length of the accepted sequence that starts there, 0 for none. Longer ones
   * come first, then earlier ones; a sequence whose first or last token is taken is refused, yet
   * takes its tokens all the same.
   */
  private int[] accept(char[] letters, Spans tokens) {
    int size = tokens.size();
    int[] accepted = new int[size];
    boolean[] taken = new boolean[size];
    for (int n = mostPieces; n >= 2; n--) {
      for (int i = 0; i + n <= size; i++) {
        if (cut.mayStart(letters[tokens.from(i)]) && isCut(letters, tokens, i, n, tokens.from(i))) {
          if (!taken[i] && !taken[i + n - 1]) {
            accepted[i] = n;
          }
          Arrays.fill(taken, i, i + n, true);
        }
      }
    }
    return accepted;
  }
}
