package org.ulmfit.corpus;

import java.util.ArrayList;
import java.util.List;

/**
 * How a table is written.
 *
 * @param separator between the columns
 * @param quotes how a field may be quoted
 * @param carriageReturns whether rows end with a carriage return alone (Mac OS before X)
 * @param named whether the first line is {@code sep=;}, Excel's way to name the separator
 */
record Dialect(char separator, Quotes quotes, boolean carriageReturns, boolean named) {

  /**
   * How a field may be quoted, and how a quote inside it is written; each reads what the one before
   * it reads, but quotes that quote nothing.
   */
  enum Quotes {
    /** Quotes are characters as any other. */
    NONE,
    /** {@code ""} (RFC 4180). */
    DOUBLED,
    /**
     * {@code \"} as Spark, MySQL and pandas with an escapechar write it, or doubled; a backslash
     * before anything else is a character as any other.
     */
    BACKSLASH
  }

  /** {@code semicolons, header}: what is worth telling. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    words.add(plural(separator));
    if (quotes == Quotes.BACKSLASH) {
      words.add("quotes escaped by backslashes");
    } else if (separator == '\t' && quotes == Quotes.DOUBLED) {
      words.add("quoted");
    } else if (separator != '\t' && quotes == Quotes.NONE) {
      words.add("quotes are characters as any other");
    }
    if (carriageReturns) {
      words.add("rows end with carriage returns");
    }
    return words;
  }

  /** {@code semicolons}. */
  static String plural(char separator) {
    return switch (separator) {
      case ',' -> "commas";
      case ';' -> "semicolons";
      case '\t' -> "tabs";
      case '|' -> "pipes";
      default -> "separated by '" + separator + "'";
    };
  }

  /** As {@code --separator} takes it. */
  static String option(char separator) {
    return separator == '\t' ? "tab" : "'" + separator + "'";
  }
}
