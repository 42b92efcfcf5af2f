package org.ulmfit.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What may be wrong with a text, as far as it can be seen without reading it. */
enum Suspect {
  EMPTY("without a word"),
  SHORT("of one or two words"),
  MARKUP("markup to a tenth or more"),
  ENCODING("wrongly decoded in places"),
  LONG("longer than a classifier reads");

  private static final int FEW = 2;
  private static final double MUCH = 0.1;

  /** A tag, or a character reference. */
  private static final Pattern TAG =
      Pattern.compile(
          "</?[A-Za-z][^<>]{0,500}>|<!--|&(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|[a-z]{2,8});");

  /**
   * UTF-8 that was read as Windows-1252 or Latin-1: a lead byte followed by what a continuation
   * byte looks like, the replacement character, or a control character of Latin-1.
   */
  private static final Pattern MOJIBAKE =
      Pattern.compile(
          "\uFFFD|[\u0080-\u009F]|[\u00C3\u00C2][\u0080-\u00BF\u20AC\u0192\u2026\u2020\u2021\u02C6"
              + "\u2030\u0160\u0152\u017D\u2018-\u201D\u2022\u2013\u2014\u02DC\u2122]"
              + "|\u00E2\u20AC[\u0080-\u00BF\u0153\u2122\u02DC\u00A6\u201C\u201D\u201E]");

  private final String words;

  Suspect(String words) {
    this.words = words;
  }

  /** What it is, in words. */
  String words() {
    return words;
  }

  /**
   * Bits of all that apply to a text.
   *
   * @param wordCount words in it
   * @param tokens tokens in it
   * @param longest tokens that a classifier reads
   */
  static int of(String text, int wordCount, int tokens, int longest) {
    int found = wordCount == 0 ? EMPTY.bit() : wordCount <= FEW ? SHORT.bit() : 0;
    found |= markup(text) >= MUCH ? MARKUP.bit() : 0;
    found |= MOJIBAKE.matcher(text).find() ? ENCODING.bit() : 0;
    return found | (tokens > longest ? LONG.bit() : 0);
  }

  private static double markup(String text) {
    if (text.indexOf('<') < 0 && text.indexOf('&') < 0) {
      return 0;
    }
    Matcher tags = TAG.matcher(text);
    long characters = 0;
    while (tags.find()) {
      characters += tags.end() - tags.start();
    }
    return (double) characters / text.length();
  }

  private int bit() {
    return 1 << ordinal();
  }

  boolean isIn(int bits) {
    return (bits & bit()) != 0;
  }
}
