package org.ulmfit.text;

import java.util.Arrays;

/**
 * The address rule of spaCy 2.0 (token_match): first character of a word, last of a word or {@code
 * /}, and somewhere a host: at the start, behind {@code http:// https:// ftp:// mailto://}, or
 * behind any {@code @} but a leading one. What follows the host may be anything.
 *
 * <p>It is asked in every round of the affix loop, so what it found is kept: the earliest end of a
 * host from the current start, and from the next {@code @} behind it. Such an end does not depend
 * on where the range ends, and later {@code @} give later ends; all rounds together cost O(n).
 */
final class LooseUrl implements UrlRule {
  private static final char[][] SCHEMES = {
    "http://".toCharArray(),
    "https://".toCharArray(),
    "ftp://".toCharArray(),
    "mailto://".toCharArray()
  };
  private static final int NONE = Integer.MAX_VALUE;

  private char[] text = {};
  private int limit; // end of the chunk
  private boolean possible; // every host holds a period
  private int start; // for which startEnd holds
  private int startEnd;
  private int at; // the @ for which atEnd holds
  private int atEnd;

  @Override
  public void begin(char[] text, int from, int to) {
    this.text = text;
    limit = to;
    possible = UrlRule.indexOf(text, '.', from, to) < to;
    start = -1;
    at = from;
    atEnd = -1;
  }

  @Override
  public boolean matches(int from, int to) {
    if (!possible || !startsInWord(from, to) || !endsInWord(from, to)) {
      return false;
    }
    if (start != from) {
      start = from;
      startEnd = Math.min(hostEnd(from), schemeHostEnd(from));
    }
    if (startEnd <= to) {
      return true;
    }
    while (at < limit && (at <= from || atEnd < 0 || atEnd == NONE)) {
      at = UrlRule.indexOf(text, '@', at + 1, limit);
      atEnd = at < limit ? hostEnd(at + 1) : NONE;
    }
    return atEnd <= to;
  }

  private boolean startsInWord(int from, int to) {
    return from < to && isWord(Character.codePointAt(text, from, to));
  }

  private boolean endsInWord(int from, int to) {
    return text[to - 1] == '/' || isWord(Character.codePointBefore(text, to, from));
  }

  /** {@code \w} of the regex module: alphabetic, marks, decimal digits, connectors. */
  private static boolean isWord(int c) {
    if (Character.isAlphabetic(c)) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.CONNECTOR_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  private int schemeHostEnd(int from) {
    for (char[] scheme : SCHEMES) {
      int end = from + scheme.length;
      if (end <= limit && Arrays.equals(text, from, end, scheme, 0, scheme.length)) {
        return hostEnd(end);
      }
    }
    return NONE;
  }

  /** The earliest end of a host that begins here. */
  private int hostEnd(int from) {
    int ip = Ipv4.end(text, from, limit, true);
    return Math.min(ip < 0 ? NONE : ip, nameEnd(from));
  }

  /** {@code a-z 0-9 -} ending in no hyphen, a period, the same again or two letters. */
  private int nameEnd(int from) {
    int i = from;
    while (true) {
      int first = i;
      while (i < limit && (isLetter(text[i]) || isDigit(text[i]) || text[i] == '-')) {
        i++;
      }
      boolean label = i > first && text[i - 1] != '-' && i < limit && text[i] == '.';
      if (!label) {
        return NONE;
      }
      i++;
      if (i + 1 < limit && isLetter(text[i]) && isLetter(text[i + 1])) {
        return i + 2;
      }
    }
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
