package org.ulmfit.text;

/** White space between the words of a text. */
final class Blanks {
  private Blanks() {}

  /**
   * White space: a token unless it is one space behind another token.
   *
   * <p>spaCy Tokenizer
   *
   * @return where it ends
   */
  static int cut(char[] text, int start, int length, Spans tokens) {
    int i = end(text, start, length);
    // One space only says that the token before is followed by a space.
    int from = text[start] == ' ' && start > 0 ? start + 1 : start;
    if (from < i) {
      tokens.add(from, i);
    }
    return i;
  }

  private static int end(char[] text, int start, int length) {
    int i = start + 1;
    while (i < length && PythonText.isSpace(text[i])) {
      i++;
    }
    return i;
  }

  /** Where the white space begins that follows a character, or the text ends. */
  static int next(char[] text, int start, int length) {
    int i = start + 1;
    while (i < length && !PythonText.isSpace(text[i])) {
      i++;
    }
    return i;
  }
}
