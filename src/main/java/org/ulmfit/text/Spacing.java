package org.ulmfit.text;

/** The rules that add and remove space. */
final class Spacing {
  private Spacing() {}

  /**
   * A space on both sides of each of these characters.
   *
   * @param kinds bits of {@link TextBuffer}
   */
  static void around(TextBuffer text, int kinds) {
    if (!text.holds(kinds)) {
      return;
    }
    char[] chars = text.chars();
    for (int i = 0; i < text.length(); i++) {
      char c = chars[i];
      if ((TextBuffer.kind(c) & kinds) != 0) {
        text.keepTo(i);
        text.add(' ');
        text.keepTo(i + 1);
        text.add(' ');
      }
    }
    text.end();
  }

  /** Two or more spaces become one; other white space stays. */
  static void collapse(TextBuffer text) {
    if (!text.holds(TextBuffer.SPACES)) {
      return;
    }
    char[] chars = text.chars();
    int length = text.length();
    for (int i = 1; i < length; i++) {
      if (chars[i] == ' ' && chars[i - 1] == ' ') {
        text.keepTo(i);
        while (i < length && chars[i] == ' ') {
          i++;
        }
        text.skipTo(i);
      }
    }
    text.end();
  }

  /**
   * Runs of white space of any kind become one space, and none at the ends.
   *
   * <p>SentencePiece remove_extra_whitespaces
   */
  static void single(TextBuffer text) {
    char[] chars = text.chars();
    int length = text.length();
    for (int i = 0; i < length; i++) {
      if (!PythonText.isSpace(chars[i])) {
        continue;
      }
      int end = skipSpace(chars, i + 1, length);
      boolean atAnEnd = i == 0 || end == length;
      if (atAnEnd || end - i > 1 || chars[i] != ' ') {
        text.keepTo(i);
        text.add(atAnEnd ? "" : " ");
        text.skipTo(end);
      }
      i = end;
    }
    text.end();
  }

  /**
   * A {@code br} tag in any case becomes a newline; slash and {@code >} must adjoin.
   *
   * <p>fastai 0.7 sub_br
   */
  static void breakTags(TextBuffer text) {
    if (!text.holds(TextBuffer.LESS)) {
      return;
    }
    char[] chars = text.chars();
    int length = text.length();
    for (int i = 0; i < length; i++) {
      int end = chars[i] == '<' ? breakTagEnd(chars, i, length) : -1;
      if (end > 0) {
        text.keepTo(i);
        text.add('\n');
        text.skipTo(end);
        i = end - 1;
      }
    }
    text.end();
  }

  private static int breakTagEnd(char[] text, int open, int length) {
    int i = skipSpace(text, open + 1, length);
    // A to Z are lower case by now, but for this rule alone
    if (i + 1 >= length || (text[i] | 0x20) != 'b' || (text[i + 1] | 0x20) != 'r') {
      return -1;
    }
    i = skipSpace(text, i + 2, length);
    if (i < length && text[i] == '/') {
      i++;
    }
    return i < length && text[i] == '>' ? i + 1 : -1;
  }

  private static int skipSpace(char[] text, int from, int length) {
    int i = from;
    while (i < length && PythonText.isSpace(text[i])) {
      i++;
    }
    return i;
  }
}
