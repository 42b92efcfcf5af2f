package org.ulmfit.subword;

import java.util.Collection;
import org.ulmfit.text.PythonText;

/**
 * Cuts a text as Hugging Face's Metaspace pre-tokenizer does ({@code prepend_scheme} always, {@code
 * split}): a word is the space before it, written {@code ▁}, and all up to the next one; what
 * stands at the start of the text or behind a special token has a space before it in any case.
 * Special tokens that stand as words are left out, with the blanks before them. For one thread.
 */
final class PreTokens {
  static final char SPACE = '\u2581';
  private static final String LEAD = "\u2581";

  private final char[][] specials;
  private final boolean[] startsSpecial = new boolean[1 << 16];
  private final int longest;
  private final WordCounts counts;
  private long cuts;
  private long characters;

  /**
   * @param longest code points of a run without a break, beyond which it is cut
   */
  PreTokens(Collection<String> specials, int longest, WordCounts counts) {
    this.specials = specials.stream().map(String::toCharArray).toArray(char[][]::new);
    for (char[] special : this.specials) {
      startsSpecial[special[0]] = true;
    }
    this.longest = longest;
    this.counts = counts;
  }

  /** How often a run was cut. */
  long cuts() {
    return cuts;
  }

  /** UTF-16 units read. */
  long characters() {
    return characters;
  }

  WordCounts counts() {
    return counts;
  }

  /** Counts the words of a text. */
  void read(char[] text, int length) {
    characters += length;
    int from = 0; // of what stands between special tokens
    for (int i = 0; i < length; i++) {
      if (startsSpecial[text[i]]) {
        int end = specialAt(text, i, length);
        if (end > 0) {
          section(text, from, trimmed(text, from, i));
          from = end;
          i = end - 1;
        }
      }
    }
    section(text, from, length);
  }

  /** End of the special token that stands there as a word; 0: none does. */
  private int specialAt(char[] text, int i, int length) {
    if (i > 0 && isWord(Character.codePointBefore(text, i))) {
      return 0;
    }
    for (char[] special : specials) {
      int end = i + special.length;
      int k = 0;
      while (k < special.length && i + k < length && text[i + k] == special[k]) {
        k++;
      }
      boolean whole = k == special.length;
      if (whole && (end == length || !isWord(Character.codePointAt(text, end, length)))) {
        return end;
      }
    }
    return 0;
  }

  private static boolean isWord(int c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private static int trimmed(char[] text, int from, int to) {
    int end = to;
    while (end > from && PythonText.isSpace(text[end - 1])) {
      end--;
    }
    return end;
  }

  private void section(char[] text, int from, int to) {
    int i = from;
    while (i < to) {
      int start = isSpace(text[i]) ? i + 1 : i;
      i = start;
      while (i < to && !isSpace(text[i])) {
        i++;
      }
      word(text, start, i);
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == SPACE;
  }

  private void word(char[] text, int from, int to) {
    if (to - from < longest) {
      counts.add(LEAD, text, from, to);
      return;
    }
    String lead = LEAD;
    int start = from;
    while (true) {
      int end = start;
      int room = longest - lead.length();
      while (room > 0 && end < to) {
        end += Character.isHighSurrogate(text[end]) ? 2 : 1;
        room--;
      }
      counts.add(lead, text, start, end);
      if (end == to) {
        return;
      }
      cuts++;
      start = end;
      lead = "";
    }
  }
}
