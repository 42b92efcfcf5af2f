package org.ulmfit.text;

/**
 * The repetition rules: {@code !!!!} and {@code no no no no} become a marker, a count and one copy.
 */
final class Repetition {
  private Repetition() {}

  /**
   * A character that is not white space, {@code atLeast} times or more, becomes {@code " marker n c
   * "}.
   *
   * <p>fastai 0.7 and 1 replace_rep: 4; fastai 2: 3.
   */
  static String characters(String text, String marker, int atLeast) {
    StringBuilder out = null;
    int copied = 0;
    int length = text.length();
    for (int i = 0; i < length; ) {
      char first = text.charAt(i);
      // Most characters differ from the next but one: no run of three or more starts here.
      if (i + 2 < length && text.charAt(i + 2) != first && !Character.isSurrogate(first)) {
        i++;
        continue;
      }
      int c = text.codePointAt(i);
      int width = Character.charCount(c);
      int end = i + width;
      while (end < length && text.codePointAt(end) == c) {
        end += width;
      }
      int count = (end - i) / width;
      if (count >= atLeast && !PythonText.isSpace(c)) {
        out = out == null ? new StringBuilder(length) : out;
        out.append(text, copied, i).append(' ').append(marker).append(' ').append(count);
        out.append(' ').appendCodePoint(c).append(' ');
        copied = end;
      }
      i = end;
    }
    return out == null ? text : out.append(text, copied, length).toString();
  }

  /**
   * A word with the separator behind it, followed by three or more literal copies of both, becomes
   * {@code " marker n unit "}; n counts the white-space separated pieces.
   *
   * <p>fastai 0.7 and 1 replace_wrep. The last copy needs the separator too.
   */
  static String words(String text, String marker) {
    StringBuilder out = null;
    int copied = 0;
    int length = text.length();
    int i = 0;
    while (i < length) {
      int word = nextWord(text, i);
      int separator = wordEnd(text, word);
      int unitEnd = nextWord(text, separator);
      if (separator == word || unitEnd == separator) {
        break; // no word left, or no separator behind the last one
      }
      int unit = unitEnd - word;
      int end = unitEnd;
      while (regionEquals(text, word, end, unit)) {
        end += unit;
      }
      if (end - unitEnd < 3 * unit) {
        i = unitEnd;
        continue;
      }
      out = out == null ? new StringBuilder(length) : out;
      out.append(text, copied, word).append(' ').append(marker).append(' ');
      out.append(pieces(text, unitEnd, end) + 1)
          .append(' ')
          .append(text, word, unitEnd)
          .append(' ');
      copied = end;
      i = end;
    }
    return out == null ? text : out.append(text, copied, length).toString();
  }

  /**
   * A word at the start or behind white space that stands three or more times, white space between,
   * becomes {@code " marker n word "} and the character behind the last one.
   *
   * <p>fastai 2 replace_wrep.
   */
  static String spacedWords(String text, String marker) {
    StringBuilder out = null;
    int copied = 0;
    int length = text.length();
    int i = 0; // where the next match may begin: its leading white space included
    while (i < length) {
      int word = spacedWord(text, i);
      if (word < 0) {
        break;
      }
      int wordEnd = wordEnd(text, word);
      int size = wordEnd - word;
      int next = spaceEnd(text, wordEnd);
      int copies = 1;
      int last = -1; // end of the latest copy
      while (next > wordEnd && regionEquals(text, word, next, size)) {
        int end = next + size;
        int space = spaceEnd(text, end);
        if (space == end) {
          if (end == length || !PythonText.isWord(text.codePointAt(end))) {
            copies++;
            last = end;
          }
          break;
        }
        copies++;
        last = end;
        next = space;
      }
      if (copies < 3) {
        i = wordEnd;
        continue;
      }
      out = out == null ? new StringBuilder(length) : out;
      // The white space that the rule consumes before the word is one character, none at the start.
      out.append(text, copied, Math.max(copied, word - 1));
      out.append(' ').append(marker).append(' ').append(copies).append(' ');
      out.append(text, word, wordEnd).append(' ');
      int after = last < length ? last + Character.charCount(text.codePointAt(last)) : last;
      out.append(text, last, after);
      copied = after;
      i = after;
    }
    return out == null ? text : out.append(text, copied, length).toString();
  }

  /**
   * The first word at or after {@code from} that has white space before it, or the text's start.
   */
  private static int spacedWord(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      boolean free = i == 0 || i > from && PythonText.isSpace(text.charAt(i - 1));
      if (free && PythonText.isWord(text.codePointAt(i))) {
        return i;
      }
    }
    return -1;
  }

  private static int nextWord(String text, int from) {
    int i = from;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (PythonText.isWord(c)) {
        return i;
      }
      i += Character.charCount(c);
    }
    return i;
  }

  private static int wordEnd(String text, int from) {
    int i = from;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (!PythonText.isWord(c)) {
        return i;
      }
      i += Character.charCount(c);
    }
    return i;
  }

  private static int spaceEnd(String text, int from) {
    int i = from;
    while (i < text.length() && PythonText.isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean regionEquals(String text, int a, int b, int size) {
    return text.regionMatches(a, text, b, size);
  }

  /** Python {@code len(s.split())} of a range. */
  private static int pieces(String text, int from, int to) {
    int count = 0;
    boolean inside = false;
    for (int i = from; i < to; i++) {
      boolean space = PythonText.isSpace(text.charAt(i));
      count += !space && !inside ? 1 : 0;
      inside = !space;
    }
    return count;
  }
}
