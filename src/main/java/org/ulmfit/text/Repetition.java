package org.ulmfit.text;

import java.util.Arrays;

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
  static void characters(TextBuffer text, String marker, int atLeast) {
    char[] chars = text.chars();
    int length = text.length();
    for (int i = 0; i < length; ) {
      char first = chars[i];
      // Most characters differ from the next but one: no run of three or more starts here.
      if (i + 2 < length && chars[i + 2] != first && !Character.isSurrogate(first)) {
        i++;
        continue;
      }
      int c = Character.codePointAt(chars, i, length);
      int width = Character.charCount(c);
      int end = i + width;
      while (end < length && Character.codePointAt(chars, end, length) == c) {
        end += width;
      }
      int count = (end - i) / width;
      if (count >= atLeast && !PythonText.isSpace(c)) {
        mark(text, i, marker, count);
        text.addCodePoint(c);
        text.add(' ');
        text.skipTo(end);
      }
      i = end;
    }
    text.end();
  }

  private static void mark(TextBuffer text, int at, String marker, int count) {
    text.keepTo(at);
    text.add(' ');
    text.add(marker);
    text.add(' ');
    text.add(Integer.toString(count));
    text.add(' ');
  }

  /**
   * A word with the separator behind it, followed by three or more literal copies of both, becomes
   * {@code " marker n unit "}; n counts the white-space separated pieces.
   *
   * <p>fastai 0.7 and 1 replace_wrep. The last copy needs the separator too.
   */
  static void words(TextBuffer text, String marker) {
    char[] chars = text.chars();
    int length = text.length();
    int word = nextWord(chars, 0, length);
    while (word < length) {
      int separator = wordEnd(chars, word, length);
      int unitEnd = nextWord(chars, separator, length);
      if (unitEnd == length || chars[unitEnd] != chars[word]) { // as nearly always
        word = unitEnd;
        continue;
      }
      int unit = unitEnd - word;
      int end = unitEnd;
      while (isCopy(chars, word, end, unit, length)) {
        end += unit;
      }
      if (end - unitEnd < 3 * unit) {
        word = unitEnd;
        continue;
      }
      mark(text, word, marker, pieces(chars, unitEnd, end) + 1);
      text.add(word, unitEnd);
      text.add(' ');
      text.skipTo(end);
      word = nextWord(chars, end, length);
    }
    text.end();
  }

  /**
   * A word at the start or behind white space that stands three or more times, white space between,
   * becomes {@code " marker n word "} and the character behind the last one.
   *
   * <p>fastai 2 replace_wrep.
   */
  static void spacedWords(TextBuffer text, String marker) {
    char[] chars = text.chars();
    int length = text.length();
    int i = 0; // where the next match may begin: its leading white space included
    while (i < length) {
      int word = spacedWord(chars, i, length);
      int wordEnd = wordEnd(chars, word, length);
      int next = spaceEnd(chars, wordEnd, length);
      if (next == length || chars[next] != chars[word]) { // as nearly always
        i = wordEnd;
        continue;
      }
      int size = wordEnd - word;
      int copies = 1;
      int last = -1; // end of the latest copy
      while (next > wordEnd && isCopy(chars, word, next, size, length)) {
        int end = next + size;
        int space = spaceEnd(chars, end, length);
        if (space == end) {
          if (end == length || !isWordAt(chars, end, length)) {
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
      // The white space that the rule consumes before the word is one character, none at the start.
      mark(text, Math.max(0, word - 1), marker, copies);
      text.add(word, wordEnd);
      text.add(' ');
      i = last < length ? last + width(chars, last, length) : last;
      text.add(last, i);
      text.skipTo(i);
    }
    text.end();
  }

  /**
   * The first word at or after {@code from} that has white space before it, or the text's start.
   */
  private static int spacedWord(char[] text, int from, int length) {
    if (from == 0 && isWordAt(text, 0, length)) {
      return 0;
    }
    for (int i = from + 1; i < length; i++) {
      if (PythonText.isSpace(text[i - 1]) && isWordAt(text, i, length)) {
        return i;
      }
    }
    return length;
  }

  private static boolean isWordAt(char[] text, int i, int length) {
    char c = text[i];
    return PythonText.isWord(c < 128 ? c : Character.codePointAt(text, i, length));
  }

  private static int nextWord(char[] text, int from, int length) {
    int i = from;
    while (i < length && !isWordAt(text, i, length)) {
      i += width(text, i, length);
    }
    return i;
  }

  private static int wordEnd(char[] text, int from, int length) {
    int i = from;
    while (i < length && isWordAt(text, i, length)) {
      i += width(text, i, length);
    }
    return i;
  }

  private static int width(char[] text, int i, int length) {
    return text[i] < 128 ? 1 : Character.charCount(Character.codePointAt(text, i, length));
  }

  private static int spaceEnd(char[] text, int from, int length) {
    int i = from;
    while (i < length && PythonText.isSpace(text[i])) {
      i++;
    }
    return i;
  }

  private static boolean isCopy(char[] text, int of, int at, int size, int length) {
    return at + size <= length && Arrays.equals(text, of, of + size, text, at, at + size);
  }

  /** Python {@code len(s.split())} of a range. */
  private static int pieces(char[] text, int from, int to) {
    int count = 0;
    boolean inside = false;
    for (int i = from; i < to; i++) {
      boolean space = PythonText.isSpace(text[i]);
      count += !space && !inside ? 1 : 0;
      inside = !space;
    }
    return count;
  }
}
