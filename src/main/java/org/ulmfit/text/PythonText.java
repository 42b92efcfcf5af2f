package org.ulmfit.text;

/**
 * What Python's {@code str} and {@code re} mean by word character, white space and case; Java's own
 * notions differ. Everything counts code points and runs in linear time.
 */
public final class PythonText {
  private static final char CAPITAL_SIGMA = '\u03A3';
  private static final char FINAL_SIGMA = '\u03C2';
  private static final char CAPITAL_DOTTED_I = '\u0130';
  private static final String LOWER_DOTTED_I = "i\u0307";

  private static final int LETTERS_AND_NUMBERS =
      1 << Character.UPPERCASE_LETTER
          | 1 << Character.LOWERCASE_LETTER
          | 1 << Character.TITLECASE_LETTER
          | 1 << Character.MODIFIER_LETTER
          | 1 << Character.OTHER_LETTER
          | 1 << Character.DECIMAL_DIGIT_NUMBER
          | 1 << Character.LETTER_NUMBER
          | 1 << Character.OTHER_NUMBER;

  // Unicode Case_Ignorable: these categories and the word-internal punctuation below
  private static final int CASE_IGNORABLE =
      1 << Character.NON_SPACING_MARK
          | 1 << Character.ENCLOSING_MARK
          | 1 << Character.FORMAT
          | 1 << Character.MODIFIER_LETTER
          | 1 << Character.MODIFIER_SYMBOL;
  private static final String MID_WORD =
      "'.:\u00B7\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A";

  // Tables: these two questions are asked of every character by most rules.
  private static final boolean[] ASCII_WORD = new boolean[128];
  private static final boolean[] ASCII_SPACE = new boolean[128];

  static {
    for (char c = 0; c < 128; c++) {
      ASCII_WORD[c] = Character.isLetterOrDigit(c) || c == '_';
      ASCII_SPACE[c] = c == ' ' || c >= 0x09 && c <= 0x0D || c >= 0x1C && c <= 0x1F;
    }
  }

  private PythonText() {}

  /** Python {@code \w}: letters, every kind of number, underscore; no combining marks. */
  static boolean isWord(int codePoint) {
    if (codePoint < 128) {
      return ASCII_WORD[codePoint];
    }
    return (LETTERS_AND_NUMBERS >> Character.getType(codePoint) & 1) != 0;
  }

  /** Whether a text is empty or of white space alone, a no-break space too. */
  public static boolean isBlank(String text) {
    return text.chars().allMatch(PythonText::isSpace);
  }

  /** Python {@code str.strip}. */
  static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /** Python {@code str.isspace} and {@code \s}; all of them lie in the basic plane. */
  public static boolean isSpace(int c) {
    if (c < 128) {
      return ASCII_SPACE[c];
    }
    return c == 0x85
        || c == 0xA0
        || c == 0x1680
        || c >= 0x2000 && c <= 0x200A
        || c == 0x2028
        || c == 0x2029
        || c == 0x202F
        || c == 0x205F
        || c == 0x3000;
  }

  /**
   * Python {@code str.isupper} of a range: a cased letter, and none that is lower or title case.
   */
  static boolean isUpper(char[] text, int from, int to) {
    boolean cased = false;
    for (int i = from; i < to; ) {
      int c = Character.codePointAt(text, i, to);
      if (isLowerCase(c) || Character.isTitleCase(c)) {
        return false;
      }
      cased |= isUpperCase(c);
      i += Character.charCount(c);
    }
    return cased;
  }

  /**
   * Python {@code str.islower} of a range: a cased letter, and none that is upper or title case.
   */
  static boolean isLower(char[] text, int from, int to) {
    boolean cased = false;
    for (int i = from; i < to; ) {
      int c = Character.codePointAt(text, i, to);
      if (isUpperCase(c) || Character.isTitleCase(c)) {
        return false;
      }
      cased |= isLowerCase(c);
      i += Character.charCount(c);
    }
    return cased;
  }

  private static boolean isUpperCase(int c) {
    return c < 128 ? c >= 'A' && c <= 'Z' : Character.isUpperCase(c);
  }

  private static boolean isLowerCase(int c) {
    return c < 128 ? c >= 'a' && c <= 'z' : Character.isLowerCase(c);
  }

  /** Python {@code str.lower} of a range, as if it were a string of its own. */
  static void lower(TextBuffer text, int from, int to) {
    char[] chars = text.chars();
    if (lowerInPlace(chars, from, to)) {
      return;
    }
    for (int i = from; i < to; i++) {
      if (chars[i] == CAPITAL_DOTTED_I) {
        text.keepTo(i);
        text.add(LOWER_DOTTED_I);
        text.skipTo(i + 1);
      }
    }
  }

  /** Python {@code str.lower} of a token; where it grows, behind the end of the text. */
  static void lowerToken(TextBuffer text, int from, int to, Spans out) {
    if (lowerInPlace(text.chars(), from, to)) {
      out.add(from, to);
      return;
    }
    String token = new String(text.chars(), from, to - from);
    String lower = token.replace(String.valueOf(CAPITAL_DOTTED_I), LOWER_DOTTED_I);
    int at = text.appendFor(lower, from, to);
    out.add(at, text.length());
  }

  /**
   * Whether that was all: the lower case of one letter alone is longer, and stays for the caller.
   */
  private static boolean lowerInPlace(char[] text, int from, int to) {
    boolean all = true;
    for (int i = from; i < to; i++) {
      char c = text[i];
      if (c >= 'A' && c <= 'Z') {
        text[i] = (char) (c + 32);
      } else if (c == CAPITAL_SIGMA) {
        text[i] = endsWord(text, from, i, to) ? FINAL_SIGMA : '\u03C3';
      } else if (c == CAPITAL_DOTTED_I) {
        all = false;
      } else if (c >= 128) {
        int codePoint = Character.codePointAt(text, i, to);
        i += Character.toChars(Character.toLowerCase(codePoint), text, i) - 1;
      }
    }
    return all;
  }

  /** Unicode Final_Sigma: a cased letter before and none after, case-ignorable ones skipped. */
  private static boolean endsWord(char[] text, int from, int sigma, int to) {
    int i = sigma;
    int c = 0;
    while (i > from) {
      c = Character.codePointBefore(text, i, from);
      if (!isCaseIgnorable(c)) {
        break;
      }
      i -= Character.charCount(c);
    }
    if (i == from || !isCased(c)) {
      return false;
    }
    for (i = sigma + 1; i < to; i += Character.charCount(c)) {
      c = Character.codePointAt(text, i, to);
      if (!isCaseIgnorable(c)) {
        return !isCased(c);
      }
    }
    return true;
  }

  private static boolean isCased(int c) {
    return Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
  }

  private static boolean isCaseIgnorable(int c) {
    return (CASE_IGNORABLE >> Character.getType(c) & 1) != 0 || MID_WORD.indexOf(c) >= 0;
  }
}
