package org.ulmfit.text;

/** The rules that lower-case the text and leave a marker where capitals meant something. */
final class Capitals {
  private Capitals() {}

  /**
   * Over maximal runs of word and of other characters: a run in upper case of more than two
   * characters becomes {@code " t_up "} and the run in lower case; everything else is lower-cased.
   *
   * <p>fastai 0.7 do_caps
   */
  static void markRuns(TextBuffer text) {
    if (!text.holds(TextBuffer.CAPITAL | TextBuffer.NOT_ASCII)) {
      return;
    }
    char[] chars = text.chars();
    int length = text.length();
    int done = 0; // end of the latest run looked at
    for (int i = 0; i < length; i++) {
      if (mayHaveCase(chars[i])) {
        int from = runStart(chars, i, done, length);
        done = lowerRun(text, from);
        i = done - 1;
      }
    }
    text.end();
  }

  /** Other characters than these stay as they are, and make no run upper case. */
  private static boolean mayHaveCase(char c) {
    return c >= 'A' && c <= 'Z' || c >= 128;
  }

  private static int runStart(char[] text, int i, int least, int length) {
    boolean word = PythonText.isWord(Character.codePointAt(text, i, length));
    int from = i;
    while (from > least) {
      int c = Character.codePointBefore(text, from, least);
      if (PythonText.isWord(c) != word) {
        break;
      }
      from -= Character.charCount(c);
    }
    return from;
  }

  /** Lower-cases the run from there; its end. */
  private static int lowerRun(TextBuffer text, int from) {
    char[] chars = text.chars();
    int length = text.length();
    boolean word = PythonText.isWord(Character.codePointAt(chars, from, length));
    int to = from;
    int characters = 0;
    while (to < length) {
      int c = Character.codePointAt(chars, to, length);
      if (PythonText.isWord(c) != word) {
        break;
      }
      to += Character.charCount(c);
      characters++;
    }
    if (characters > 2 && PythonText.isUpper(chars, from, to)) {
      text.keepTo(from);
      text.add(" t_up ");
    }
    PythonText.lower(text, from, to);
    return to;
  }

  /**
   * Words (between white space) that begin with A to Z are lower-cased: those without a to z get
   * {@code xxup} before them, others without a further A to Z {@code xxmaj}, if they have more than
   * one character. The rest stays.
   *
   * <p>fastai 2 replace_all_caps, replace_maj
   *
   * @param upper whether to do the former
   * @param title whether to do the latter
   */
  static void markWords(TextBuffer text, boolean upper, boolean title) {
    if (!text.holds(TextBuffer.CAPITAL)) {
      return;
    }
    char[] chars = text.chars();
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char first = chars[i];
      if (first < 'A' || first > 'Z' || i > 0 && !PythonText.isSpace(chars[i - 1])) {
        continue;
      }
      int end = i + 1;
      boolean noLower = upper;
      boolean noUpper = title;
      while (end < length && !PythonText.isSpace(chars[end])) {
        char c = chars[end];
        noLower &= c < 'a' || c > 'z';
        noUpper &= c < 'A' || c > 'Z';
        end++;
      }
      if (noLower || noUpper) {
        text.keepTo(i);
        text.add(end - i == 1 ? "" : noLower ? "xxup " : "xxmaj ");
        PythonText.lower(text, i, end);
      }
      i = end - 1;
    }
    text.end();
  }

  /**
   * The whole text in lower case without white space at its ends, {@code xxbos} before it.
   *
   * <p>fastai 2 lowercase
   */
  static void lowerWithStart(TextBuffer text) {
    char[] chars = text.chars();
    int from = 0;
    int to = text.length();
    while (from < to && PythonText.isSpace(chars[from])) {
      from++;
    }
    while (to > from && PythonText.isSpace(chars[to - 1])) {
      to--;
    }
    text.keepTo(0);
    text.add("xxbos ");
    text.keepTo(0); // it does not stand for the white space
    text.skipTo(from);
    if (text.holds(TextBuffer.CAPITAL | TextBuffer.NOT_ASCII)) {
      PythonText.lower(text, from, to);
    }
    text.keepTo(to);
    text.skipTo(text.length());
    text.end();
  }

  /**
   * {@code xxup} before a token in upper case of more than one character, which goes to lower case.
   *
   * <p>fastai 1 replace_all_caps
   *
   * @param tokens ranges of the text; where its characters do not do, those of {@code out} lie
   *     behind its end
   */
  static void markUpperTokens(TextBuffer text, Spans tokens, Spans out) {
    int marker = text.append("xxup");
    for (int i = 0; i < tokens.size(); i++) {
      int from = tokens.from(i);
      int to = tokens.to(i);
      boolean upper =
          to - from > 1
              && PythonText.isUpper(text.chars(), from, to)
              && Character.codePointCount(text.chars(), from, to - from) > 1;
      if (upper) {
        out.add(marker, marker + 4);
        PythonText.lowerToken(text, from, to, out);
      } else {
        out.add(from, to);
      }
    }
  }

  /**
   * {@code xxmaj} before a token whose first character alone is a capital; every token in lower
   * case, empty ones dropped.
   *
   * <p>fastai 1 deal_caps
   *
   * @param tokens as for {@link #markUpperTokens}
   */
  static void markTitleTokens(TextBuffer text, Spans tokens, Spans out) {
    int marker = text.append("xxmaj");
    for (int i = 0; i < tokens.size(); i++) {
      int from = tokens.from(i);
      int to = tokens.to(i);
      if (from == to) {
        continue;
      }
      int first = Character.codePointAt(text.chars(), from, to);
      if (Character.isUpperCase(first)
          && PythonText.isLower(text.chars(), from + Character.charCount(first), to)) {
        out.add(marker, marker + 5);
      }
      PythonText.lowerToken(text, from, to, out);
    }
  }
}
