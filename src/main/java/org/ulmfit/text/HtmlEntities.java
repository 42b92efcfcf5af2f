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

  static String unescape(String text) {
    int at = text.indexOf('&');
    if (at < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    while (at >= 0) {
      out.append(text, copied, at);
      int end = numberEnd(text, at + 1);
      if (end > 0) {
        appendNumber(out, text, at + 1, end);
      } else {
        end = nameEnd(text, at + 1);
        appendName(out, text, at + 1, end);
      }
      copied = end;
      at = text.indexOf('&', end);
    }
    return out.append(text, copied, text.length()).toString();
  }

  /** End of {@code #123;} or {@code #x1F;} (semicolon optional) from there, or -1. */
  private static int numberEnd(String text, int from) {
    int length = text.length();
    if (from + 1 >= length || text.charAt(from) != '#') {
      return -1;
    }
    boolean hex = (text.charAt(from + 1) | 0x20) == 'x';
    int first = hex ? from + 2 : from + 1;
    int i = first;
    while (i < length && asciiDigit(text.charAt(i), hex) >= 0) {
      i++;
    }
    if (i == first) {
      return -1;
    }
    return i < length && text.charAt(i) == ';' ? i + 1 : i;
  }

  private static int asciiDigit(char c, boolean hex) {
    return c < 128 ? Character.digit(c, hex ? 16 : 10) : -1;
  }

  private static void appendNumber(StringBuilder out, String text, int from, int to) {
    boolean hex = (text.charAt(from + 1) | 0x20) == 'x';
    int value = 0;
    for (int i = hex ? from + 2 : from + 1; i < to && text.charAt(i) != ';'; i++) {
      int digit = asciiDigit(text.charAt(i), hex);
      value = value > 0x10FFFF ? value : value * (hex ? 16 : 10) + digit;
    }
    if (value >= 0x80 && value <= 0x9F) {
      out.append(WINDOWS_1252.charAt(value - 0x80));
    } else if (value == 0 || value >= 0xD800 && value <= 0xDFFF || value > 0x10FFFF) {
      out.append('\uFFFD');
    } else if (!isForbidden(value)) {
      out.appendCodePoint(value);
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
  private static int nameEnd(String text, int from) {
    int i = from;
    for (int n = 0; n < LONGEST_NAME && i < text.length(); n++) {
      if ("\t\n\f <&#;".indexOf(text.charAt(i)) >= 0) {
        break;
      }
      i += Character.charCount(text.codePointAt(i));
    }
    return i > from && i < text.length() && text.charAt(i) == ';' ? i + 1 : i;
  }

  private static void appendName(StringBuilder out, String text, int from, int to) {
    for (int end = to; end - from > 1; end--) {
      String value = NAMES.get(text.substring(from, end));
      if (value != null) {
        out.append(value).append(text, end, to);
        return;
      }
    }
    out.append('&').append(text, from, to);
  }
}
