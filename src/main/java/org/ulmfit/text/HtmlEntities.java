package org.ulmfit.text;

import java.util.HashMap;
import java.util.Map;

/**
 * HTML 5 character references back to text, as Python's {@code html.unescape} does it: longest
 * name, with or without semicolon where the standard allows that, and its repairs of numbers.
 *
 * <p>The table is {@code html5-entities.txt}: {@code Eacute; C9} (name, code points in hex).
 */
final class HtmlEntities {
  private static final int LONGEST_NAME = 32;
  private static final Map<String, String> NAMES = load();

  // What 0x80 to 0x9F mean in windows-1252; the five unassigned ones stay as they are.
  private static final String WINDOWS_1252 =
      "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
          + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

  private HtmlEntities() {}

  private static Map<String, String> load() {
    Map<String, String> names = new HashMap<>(4096);
    for (String line : TextResource.lines("html5-entities.txt")) {
      String[] parts = line.split(" ");
      StringBuilder value = new StringBuilder();
      for (int i = 1; i < parts.length; i++) {
        value.appendCodePoint(Integer.parseInt(parts[i], 16));
      }
      names.put(parts[0], value.toString());
    }
    return names;
  }

  static void unescape(TextBuffer text) {
    if (!text.holds(TextBuffer.AMPERSAND)) {
      return;
    }
    char[] chars = text.chars();
    int length = text.length();
    for (int i = 0; i < length; i++) {
      if (chars[i] != '&') {
        continue;
      }
      text.keepTo(i);
      int end = numberEnd(chars, i + 1, length);
      if (end > 0) {
        addNumber(text, i + 1, end);
        text.skipTo(end);
      } else {
        end = nameEnd(chars, i + 1, length);
        replaceName(text, i + 1, end);
      }
      i = end - 1;
    }
    text.end();
  }

  /** End of {@code #123;} or {@code #x1F;} (semicolon optional) from there, or -1. */
  private static int numberEnd(char[] text, int from, int length) {
    if (from + 1 >= length || text[from] != '#') {
      return -1;
    }
    boolean hex = (text[from + 1] | 0x20) == 'x';
    int first = hex ? from + 2 : from + 1;
    int i = first;
    while (i < length && asciiDigit(text[i], hex) >= 0) {
      i++;
    }
    if (i == first) {
      return -1;
    }
    return i < length && text[i] == ';' ? i + 1 : i;
  }

  private static int asciiDigit(char c, boolean hex) {
    return c < 128 ? Character.digit(c, hex ? 16 : 10) : -1;
  }

  private static void addNumber(TextBuffer text, int from, int to) {
    char[] chars = text.chars();
    boolean hex = (chars[from + 1] | 0x20) == 'x';
    int value = 0;
    for (int i = hex ? from + 2 : from + 1; i < to && chars[i] != ';'; i++) {
      int digit = asciiDigit(chars[i], hex);
      value = value > 0x10FFFF ? value : value * (hex ? 16 : 10) + digit;
    }
    if (value >= 0x80 && value <= 0x9F) {
      text.add(WINDOWS_1252.charAt(value - 0x80));
    } else if (value == 0 || value >= 0xD800 && value <= 0xDFFF || value > 0x10FFFF) {
      text.add('\uFFFD');
    } else if (!isForbidden(value)) {
      text.addCodePoint(value);
    }
  }

  /** Code points that HTML 5 refuses; Python drops them. */
  private static boolean isForbidden(int value) {
    return value < 0x20 && value != '\t' && value != '\n' && value != '\f' && value != '\r'
        || value == 0x7F
        || value >= 0xFDD0 && value <= 0xFDEF
        || (value & 0xFFFE) == 0xFFFE;
  }

  /** End of up to 32 code points that may make a name, and of the semicolon behind them. */
  private static int nameEnd(char[] text, int from, int length) {
    int i = from;
    for (int n = 0; n < LONGEST_NAME && i < length; n++) {
      if ("\t\n\f <&#;".indexOf(text[i]) >= 0) {
        break;
      }
      i += Character.charCount(Character.codePointAt(text, i, length));
    }
    return i > from && i < length && text[i] == ';' ? i + 1 : i;
  }

  /** Replaces the longest name that begins there, if any; what is left is not looked at again. */
  private static void replaceName(TextBuffer text, int from, int to) {
    for (int end = to; end - from > 1; end--) {
      String value = NAMES.get(new String(text.chars(), from, end - from));
      if (value != null) {
        text.add(value);
        text.skipTo(end);
        return;
      }
    }
  }
}
