package org.ulmfit.text;

/** The rules that add and remove space. */
final class Spacing {
  private Spacing() {}

  /** A space on both sides of each of these characters. */
  static String around(String text, String characters) {
    StringBuilder out = null;
    int copied = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (characters.indexOf(c) >= 0) {
        out = out == null ? new StringBuilder(text.length() + 32) : out;
        out.append(text, copied, i).append(' ').append(c).append(' ');
        copied = i + 1;
      }
    }
    return out == null ? text : out.append(text, copied, text.length()).toString();
  }

  /** Two or more spaces become one; other white space stays. */
  static String collapse(String text) {
    int at = text.indexOf("  ");
    if (at < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    while (at >= 0) {
      out.append(text, copied, at + 1);
      copied = at + 2;
      while (copied < text.length() && text.charAt(copied) == ' ') {
        copied++;
      }
      at = text.indexOf("  ", copied);
    }
    return out.append(text, copied, text.length()).toString();
  }

  /**
   * A {@code br} tag in any case becomes a newline; slash and {@code >} must adjoin.
   *
   * <p>fastai 0.7 sub_br
   */
  static String breakTags(String text) {
    StringBuilder out = null;
    int copied = 0;
    for (int at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
      int end = breakTagEnd(text, at);
      if (end > 0) {
        out = out == null ? new StringBuilder(text.length()) : out;
        out.append(text, copied, at).append('\n');
        copied = end;
      }
    }
    return out == null ? text : out.append(text, copied, text.length()).toString();
  }

  private static int breakTagEnd(String text, int open) {
    int i = skipSpace(text, open + 1);
    if (!text.regionMatches(true, i, "br", 0, 2)) {
      return -1;
    }
    i = skipSpace(text, i + 2);
    if (i < text.length() && text.charAt(i) == '/') {
      i++;
    }
    return i < text.length() && text.charAt(i) == '>' ? i + 1 : -1;
  }

  private static int skipSpace(String text, int from) {
    int i = from;
    while (i < text.length() && PythonText.isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }
}
