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
    for (int from = 0; from < length; ) {
      int c = Character.codePointAt(chars, from, length);
      boolean word = PythonText.isWord(c);
      int to = from;
      int characters = 0;
      int kinds = 0;
      while (to < length
          && PythonText.isWord(c = Character.codePointAt(chars, to, length)) == word) {
        kinds |= TextBuffer.kind(chars[to]);
        to += Character.charCount(c);
        characters++;
      }
      if ((kinds & (TextBuffer.CAPITAL | TextBuffer.NOT_ASCII)) != 0) {
        if (characters > 2 && PythonText.isUpper(chars, from, to)) {
          text.keepTo(from);
          text.add(" t_up ");
        }
        PythonText.lower(text, from, to);
      }
      from = to;
    }
    text.end();
  }

  /**
   * Words (between white space) that begin with A to Z and hold no a to z are lower-cased, {@code
   * xxup} before those of more than one character.
   *
   * <p>fastai 2 replace_all_caps
   */
  static void markUpperWords(TextBuffer text) {
    markWords(text, "xxup ", 'a', 'z');
  }

  /**
   * Words (between white space) that begin with A to Z and hold no other A to Z are lower-cased,
   * {@code xxmaj} before those of more than one character.
   *
   * <p>fastai 2 replace_maj
   */
  static void markTitleWords(TextBuffer text) {
    markWords(text, "xxmaj ", 'A', 'Z');
  }

  /** Words whose first character is A to Z and whose others lie outside a range. */
  private static void markWords(TextBuffer text, String marker, char low, char high) {
    if (!text.holds(TextBuffer.CAPITAL)) {
      return;
    }
    char[] chars = text.chars();
    int length = text.length();
    boolean starts = true;
    for (int i = 0; i < length; i++) {
      char first = chars[i];
      if (starts && first >= 'A' && first <= 'Z') {
        int end = i + 1;
        boolean fits = true;
        char c;
        while (end < length && !PythonText.isSpace(c = chars[end])) {
          fits &= c < low || c > high;
          end++;
        }
        if (fits) {
          text.keepTo(i);
          text.add(end - i > 1 ? marker : "");
          PythonText.lower(text, i, end);
        }
        i = end - 1;
        starts = false;
      } else {
        starts = PythonText.isSpace(first);
      }
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
