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
   *
   * @param atLeast 3 or more
   */
  static void characters(TextBuffer text, String marker, int atLeast) {
    if (!text.holds(TextBuffer.RUN | TextBuffer.NOT_ASCII)) {
      return;
    }
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
        text.keepTo(i);
        mark(text, marker, count);
        text.addCodePoint(c);
        text.skipTo(end);
        text.add(' ');
      }
      i = end;
    }
    text.end();
  }

  private static void mark(TextBuffer text, String marker, int count) {
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
    int word = -1; // the latest one
    boolean inside = false;
    for (int i = 0; i < length; i++) {
      boolean before = inside;
      inside = isWordAt(chars, i, length, before);
      if (!inside || before) {
        continue;
      }
      int end = word >= 0 && chars[word] == chars[i] ? copiesEnd(chars, word, i, length) : i;
      int unit = i - word;
      if (end - i < 3 * unit) {
        word = i;
        continue;
      }
      text.keepTo(word);
      mark(text, marker, pieces(chars, i, end) + 1);
      text.add(word, i);
      text.skipTo(end);
      text.add(' ');
      word = -1;
      inside = false;
      i = end - 1;
    }
    text.end();
  }

  /** Where the literal copies of a range end that stand right behind it. */
  private static int copiesEnd(char[] text, int from, int to, int length) {
    int size = to - from;
    int end = to;
    while (end + size <= length && Arrays.equals(text, from, to, text, end, end + size)) {
      end += size;
    }
    return end;
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
    int word = length > 0 && isWordAt(chars, 0, length, false) ? 0 : spacedWord(chars, 0, length);
    while (word < length) {
      int following = spacedWord(chars, word, length);
      if (following == length || chars[following] != chars[word]) { // as nearly always
        word = following;
        continue;
      }
      int wordEnd = wordEnd(chars, word, length);
      int next = spaceEnd(chars, wordEnd, length);
      int size = wordEnd - word;
      int copies = 1;
      int last = -1; // end of the latest copy
      while (next > wordEnd
          && next + size <= length
          && Arrays.equals(chars, word, wordEnd, chars, next, next + size)) {
        int end = next + size;
        int space = spaceEnd(chars, end, length);
        if (space == end) {
          if (end == length || !isWordAt(chars, end, length, true)) {
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
        word = following;
        continue;
      }
      // The white space that the rule consumes before the word is one character, none at the start.
      text.keepTo(Math.max(0, word - 1));
      text.skipTo(word);
      mark(text, marker, copies);
      text.add(word, wordEnd);
      text.skipTo(last);
      text.add(' ');
      int after = last < length ? last + width(chars, last, length) : last;
      text.keepTo(after);
      word = spacedWord(chars, after, length);
    }
    text.end();
  }

  /** The first word behind white space that stands at {@code from} or later; the text's length. */
  private static int spacedWord(char[] text, int from, int length) {
    for (int i = from + 1; i < length; i++) {
      if (PythonText.isSpace(text[i - 1]) && isWordAt(text, i, length, false)) {
        return i;
      }
    }
    return length;
  }

  /**
   * Whether a word character stands there.
   *
   * @param before the answer if the second half of a surrogate pair stands there
   */
  private static boolean isWordAt(char[] text, int i, int length, boolean before) {
    char c = text[i];
    if (c < 128) {
      return PythonText.isWord(c);
    }
    if (Character.isLowSurrogate(c) && i > 0 && Character.isHighSurrogate(text[i - 1])) {
      return before;
    }
    return PythonText.isWord(Character.codePointAt(text, i, length));
  }

  private static int wordEnd(char[] text, int from, int length) {
    int i = from;
    while (i < length && isWordAt(text, i, length, true)) {
      i++;
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
