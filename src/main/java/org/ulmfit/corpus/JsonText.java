package org.ulmfit.corpus;

import java.util.List;

/** JSON as the commands write it: one value a line. */
public final class JsonText {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private JsonText() {}

  /** An array of strings. */
  public static String array(List<String> values) {
    StringBuilder json = new StringBuilder(16 + 8 * values.size()).append('[');
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        json.append(", ");
      }
      quote(values.get(i), json);
    }
    return json.append(']').toString();
  }

  public static String quote(String value) {
    StringBuilder json = new StringBuilder(value.length() + 2);
    quote(value, json);
    return json.toString();
  }

  /**
   * Escapes what JSON must escape, other control characters and line ends of Unicode, at which some
   * readers would cut the line, and lone surrogates, which UTF-8 cannot carry.
   */
  public static void quote(String value, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c == '\n') {
        json.append("\\n");
      } else if (c == '\t') {
        json.append("\\t");
      } else if (c == '\r') {
        json.append("\\r");
      } else if (c < ' ' || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029) {
        hex(c, json);
      } else if (!Character.isSurrogate(c)) {
        json.append(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        json.append(c).append(value.charAt(++i));
      } else {
        hex(c, json);
      }
    }
    json.append('"');
  }

  private static void hex(char c, StringBuilder json) {
    json.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      json.append(HEX[(c >> shift) & 15]);
    }
  }
}
