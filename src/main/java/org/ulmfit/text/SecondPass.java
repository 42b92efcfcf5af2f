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
  private final boolean[] secondByte = new boolean[256]; // low byte of second pieces' first

  SecondPass(Map<String, String[]> cut, KeyTable exceptions) {
    this.cut = new KeyTable(cut);
    this.exceptions = exceptions;
    this.mostPieces = cut.values().stream().mapToInt(p -> p.length).max().orElse(0);
    cut.values().forEach(pieces -> secondByte[pieces[1].charAt(0) & 0xFF] = true);
  }

  /** Whether the tokens from {@code first} on, all of one chunk, hold a sequence to look at. */
  boolean concerns(char[] text, Spans tokens, int first) {
    char[] letters = new char[cut.longest()];
    for (int i = first; i + 1 < tokens.size(); i++) {
      if (mayStart(text, tokens, i)) {
        for (int n = Math.min(mostPieces, tokens.size() - i); n >= 2; n--) {
          if (isCut(text, tokens, i, n, letters)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Whether a sequence may start with this token and the next; a quick no for most. */
  private boolean mayStart(char[] text, Spans tokens, int i) {
    return secondByte[text[tokens.from(i + 1)] & 0xFF] && cut.mayStart(text[tokens.from(i)]);
  }

  /**
   * Whether n tokens from {@code i} on are what an exception is cut into, whatever lies between.
   *
   * @param letters room for the longest exception
   */
  private boolean isCut(char[] text, Spans tokens, int i, int n, char[] letters) {
    int length = 0;
    for (int j = i; j < i + n; j++) {
      int size = tokens.to(j) - tokens.from(j);
      if (length + size > letters.length) {
        return false;
      }
      System.arraycopy(text, tokens.from(j), letters, length, size);
      length += size;
    }
    int[] ends = cut.find(letters, 0, length);
    if (ends == null || ends.length != n) {
      return false;
    }
    int end = 0;
    for (int j = 0; j < n; j++) {
      end += tokens.to(i + j) - tokens.from(i + j);
      if (ends[j] != end) {
        return false;
      }
    }
    return true;
  }

  /** The tokens of the document with the accepted sequences replaced. */
  Spans apply(char[] text, Spans tokens) {
    int[] accepted = accept(text, tokens);
    Spans out = new Spans(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      int n = accepted[i];
      int from = tokens.from(i);
      int[] ends = n == 0 ? null : exceptions.find(text, from, tokens.to(i + n - 1));
      if (ends == null) {
        out.add(from, tokens.to(i), tokens.key(i));
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

  /**
   * For each token the length of the accepted sequence that starts there, 0 for none. Longer ones
   * come first, then earlier ones; a sequence whose first or last token is taken is refused, yet
   * takes its tokens all the same.
   */
  private int[] accept(char[] text, Spans tokens) {
    int size = tokens.size();
    int[] accepted = new int[size];
    boolean[] taken = new boolean[size];
    char[] letters = new char[cut.longest()];
    int[] starts = starts(text, tokens);
    for (int n = mostPieces; n >= 2; n--) {
      for (int i : starts) {
        if (i + n <= size && isCut(text, tokens, i, n, letters)) {
          if (!taken[i] && !taken[i + n - 1]) {
            accepted[i] = n;
          }
          Arrays.fill(taken, i, i + n, true);
        }
      }
    }
    return accepted;
  }

  /** The tokens with which a sequence may start. */
  private int[] starts(char[] text, Spans tokens) {
    int[] starts = new int[64];
    int count = 0;
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (mayStart(text, tokens, i)) {
        if (count == starts.length) {
          starts = Arrays.copyOf(starts, 2 * count);
        }
        starts[count++] = i;
      }
    }
    return Arrays.copyOf(starts, count);
  }
}
