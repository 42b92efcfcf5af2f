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
      if (cuts(text, tokens, i, letters) != 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Bit n is set if n tokens from {@code i} on are what an exception is cut into, whatever lies
   * between them in the text.
   *
   * @param letters room for the longest exception
   */
  private int cuts(char[] text, Spans tokens, int i, char[] letters) {
    boolean possible =
        secondByte[text[tokens.from(i + 1)] & 0xFF] && cut.mayStart(text[tokens.from(i)]);
    if (!possible) { // as nearly always
      return 0;
    }
    int found = 0;
    int length = 0;
    int most = Math.min(mostPieces, tokens.size() - i);
    for (int n = 1; n <= most; n++) {
      int from = tokens.from(i + n - 1);
      int to = tokens.to(i + n - 1);
      if (length + to - from > letters.length) {
        break;
      }
      for (int j = from; j < to; j++) {
        letters[length++] = text[j];
      }
      int[] ends = n == 1 ? null : cut.find(letters, 0, length);
      if (ends != null && ends.length == n && areEnds(ends, tokens, i)) {
        found |= 1 << n;
      }
    }
    return found;
  }

  private static boolean areEnds(int[] ends, Spans tokens, int first) {
    int end = 0;
    for (int j = 0; j < ends.length; j++) {
      end += tokens.to(first + j) - tokens.from(first + j);
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
    char[] letters = new char[cut.longest()];
    int[] starts = new int[size];
    int[] cuts = new int[size]; // of each start
    int count = 0;
    for (int i = 0; i + 1 < size; i++) {
      int found = cuts(text, tokens, i, letters);
      if (found != 0) {
        starts[count] = i;
        cuts[count++] = found;
      }
    }
    int[] accepted = new int[size];
    boolean[] taken = new boolean[size];
    for (int n = mostPieces; n >= 2; n--) {
      for (int k = 0; k < count; k++) {
        int i = starts[k];
        if ((cuts[k] >> n & 1) != 0) {
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
