package org.ulmfit.text;

import static org.ulmfit.text.CharacterClasses.BEFORE_PERIOD;
import static org.ulmfit.text.CharacterClasses.DIGIT;
import static org.ulmfit.text.CharacterClasses.ICON;
import static org.ulmfit.text.CharacterClasses.INFIX;
import static org.ulmfit.text.CharacterClasses.LETTER;
import static org.ulmfit.text.CharacterClasses.LOWER;
import static org.ulmfit.text.CharacterClasses.PREFIX;
import static org.ulmfit.text.CharacterClasses.PREFIX_START;
import static org.ulmfit.text.CharacterClasses.QUOTE;
import static org.ulmfit.text.CharacterClasses.SUFFIX;
import static org.ulmfit.text.CharacterClasses.UNIT_END;
import static org.ulmfit.text.CharacterClasses.UPPER;

/**
 * Where spaCy's prefix, suffix and infix rules match, within a range {@code [from, to)} of a text.
 * Nothing outside the range is seen. Lengths are in UTF-16 units.
 */
final class Affixes {
  private static final char ELLIPSIS = '\u2026';
  private static final char EM_DASH = '\u2014';
  private static final char[][] NO_UNITS = {};

  private final WordProfile profile;
  private final CharacterClasses classes;
  private final int aroundInnerPeriod; // what spaCy 3 takes besides letters

  Affixes(WordProfile profile) {
    this.profile = profile;
    this.classes = profile.classes();
    this.aroundInnerPeriod = profile.today() ? QUOTE : 0;
  }

  /** Length of the prefix at {@code from}, or 0. */
  int prefix(char[] text, int from, int to) {
    if (from >= to) {
      return 0;
    }
    char c = text[from];
    int flags = classes.at(text, from, to);
    if ((flags & PREFIX_START) != 0) {
      int length = longerPrefix(text, from, to, c);
      if (length > 0) {
        return length;
      }
    }
    return (flags & PREFIX) == 0 ? 0 : Character.isHighSurrogate(c) ? 2 : 1;
  }

  private int longerPrefix(char[] text, int from, int to, char c) {
    return switch (c) {
      case '.' -> {
        int end = runEnd(text, from, to);
        yield end - from >= 2 ? end - from : 0;
      }
      case '+' -> (classes.at(text, from + 1, to) & DIGIT) == 0 ? 1 : 0; // spaCy 3 only
      case 'U' -> from + 2 < to && text[from + 1] == 'S' && text[from + 2] == '$' ? 3 : 0;
      case 'C', 'A' -> from + 1 < to && text[from + 1] == '$' ? 2 : 0;
      default -> { // a pair of quotes, spaCy 2.0 only
        boolean pair = from + 1 < to && text[from + 1] == c;
        yield pair && profile.doubledPrefixes().indexOf(c) >= 0 ? 2 : 0;
      }
    };
  }

  /** End of a run of one character. */
  private static int runEnd(char[] text, int from, int to) {
    int i = from + 1;
    while (i < to && text[i] == text[from]) {
      i++;
    }
    return i;
  }

  /** Length of the longest suffix that ends at {@code to}, or 0. */
  int suffix(char[] text, int from, int to) {
    if (from >= to) {
      return 0;
    }
    char c = text[to - 1];
    int flags = classes.before(text, to, from);
    int length = (flags & SUFFIX) == 0 ? 0 : Character.isLowSurrogate(c) ? 2 : 1;
    boolean pair = to - 2 >= from && text[to - 2] == c;
    if (pair && (c == ELLIPSIS || profile.doubledSuffixes().indexOf(c) >= 0)) {
      return 2;
    }
    switch (c) {
      case '.' -> {
        return periodSuffix(text, from, to);
      }
      case 's', 'S' -> {
        if (to - 2 >= from && (text[to - 2] == '\'' || text[to - 2] == '\u2019')) {
          return 2;
        }
      }
      case '+' -> {
        return isDigitBefore(text, from, to - 1) ? 1 : 0;
      }
      default -> {}
    }
    if ((flags & UNIT_END) != 0) {
      length = Math.max(length, unit(text, from, to, c));
    }
    return length;
  }

  private boolean isDigitBefore(char[] text, int from, int i) {
    return (classes.before(text, i, from) & DIGIT) != 0;
  }

  private int periodSuffix(char[] text, int from, int to) {
    int run = to - 1;
    while (run > from && text[run - 1] == '.') {
      run--;
    }
    if (to - run >= 2) {
      return to - run;
    }
    int before = classes.before(text, to - 1, from);
    if ((before & BEFORE_PERIOD) != 0) {
      return 1;
    }
    if ((before & UPPER) == 0) {
      return 0;
    }
    int width = Character.isLowSurrogate(text[to - 2]) ? 2 : 1;
    int second = classes.before(text, to - 1 - width, from);
    boolean degrees =
        to - 3 >= from && text[to - 3] == '\u00B0' && "FCK".indexOf(text[to - 2]) >= 0;
    return (second & UPPER) != 0 || degrees ? 1 : 0;
  }

  /** Length of the unit or currency behind a digit. Units hold no digit, so one fits at most. */
  private int unit(char[] text, int from, int to, char last) {
    for (char[] unit : profile.units().getOrDefault(last, NO_UNITS)) {
      int start = to - unit.length;
      boolean fits = isDigitBefore(text, from, start);
      for (int i = 0; fits && i < unit.length; i++) {
        fits = text[start + i] == unit[i];
      }
      if (fits) {
        return unit.length;
      }
    }
    return 0;
  }

  /** End of the infix that starts at {@code i}, or -1. */
  int infix(char[] text, int from, int i, int to) {
    int flags = classes.at(text, i, to);
    if ((flags & INFIX) == 0) {
      return -1;
    }
    if ((flags & ICON) != 0) {
      return i + (Character.isHighSurrogate(text[i]) ? 2 : 1);
    }
    char c = text[i];
    int before = classes.before(text, i, from);
    int after = classes.at(text, i + 1, to);
    switch (c) {
      case ELLIPSIS -> {
        return i + 1;
      }
      case '.' -> {
        if (i + 1 < to && text[i + 1] == '.') {
          return runEnd(text, i, to);
        }
        if ((before & (LOWER | aroundInnerPeriod)) != 0
            && (after & (UPPER | aroundInnerPeriod)) != 0) {
          return i + 1;
        }
      }
      case '+', '-', '*', '^' -> {
        if ((before & DIGIT) != 0 && ((after & DIGIT) != 0 || i + 1 < to && text[i + 1] == '-')) {
          return i + 1;
        }
      }
      case ',' -> {
        if ((before & LETTER) != 0 && (after & LETTER) != 0) {
          return i + 1;
        }
      }
      default -> {}
    }
    int hyphen = hyphen(text, i, to, before);
    if (hyphen > 0) {
      return hyphen;
    }
    boolean relation = c == ':' || c == '<' || c == '>' || c == '=' || c == '/';
    return relation && (after & LETTER) != 0 && joins(text, from, i, before) ? i + 1 : -1;
  }

  /** What may stand before {@code : < > = /}. */
  private boolean joins(char[] text, int from, int i, int before) {
    if ((before & LETTER) != 0) {
      return true;
    }
    return profile.today() ? (before & DIGIT) != 0 : i > from && text[i - 1] == '"';
  }

  /** A hyphen or dash between letters; spaCy 2.0 lets punctuation stand before it. */
  private int hyphen(char[] text, int i, int to, int before) {
    boolean today = profile.today();
    if ((before & (today ? LETTER | DIGIT : LETTER)) == 0) {
      return -1;
    }
    int at = i;
    if (!today) {
      while (at < to && "?\";:=,.".indexOf(text[at]) >= 0) {
        at++;
      }
    }
    if (at >= to) {
      return -1;
    }
    char c = text[at];
    int most = c == '-' ? 3 : c == EM_DASH ? 2 : c == '\u2013' || c == '~' ? 1 : 0;
    for (int n = 1; n <= most; n++) {
      if ((classes.at(text, at + n, to) & LETTER) != 0) {
        return at + n;
      }
      if (at + n >= to || text[at + n] != c) {
        return -1;
      }
    }
    return -1;
  }
}
