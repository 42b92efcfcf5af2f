package org.ulmfit.text;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One token a character, as a reader sees characters: a code point with the combining marks behind
 * it, an emoji sequence, a flag, a Hangul syllable of several letters.
 *
 * <p>Blanks are tokens, too, so that words can be told apart: all of them but the space that the
 * rules put behind a mark. A mark ({@code xxbos}, {@code xxmaj}) stays whole, and the number behind
 * one that is numbered.
 *
 * <p>Source: extended grapheme clusters, Unicode Standard Annex #29 of Unicode 15.0, save that all
 * spacing marks stay with their letter, and that nothing is joined to a prepended sign. The table
 * of pictographs is that of the category "other symbol".
 */
final class CharacterTokenizer implements Tokenizer {
  private static final int MARKS =
      1 << Character.NON_SPACING_MARK
          | 1 << Character.COMBINING_SPACING_MARK
          | 1 << Character.ENCLOSING_MARK;
  private static final int JOINER = 0x200D;

  private final KeyTable marks;
  private final KeyTable numbered;

  CharacterTokenizer(Rules rules) {
    marks = table(rules.marks());
    numbered = table(rules.marks().stream().filter(rules::isNumbered).toList());
  }

  private static KeyTable table(List<String> strings) {
    Map<String, String[]> table =
        strings.stream().collect(Collectors.toMap(Function.identity(), s -> new String[] {s}));
    return new KeyTable(table);
  }

  /** None of its own. */
  @Override
  public Optional<List<String>> vocabulary() {
    return Optional.empty();
  }

  @Override
  public void close() {}

  @Override
  public Cutter cutter() {
    Spans tokens = new Spans(512);
    return text -> {
      tokens.clear();
      cut(text.chars(), text.length(), tokens);
      return tokens;
    };
  }

  private void cut(char[] text, int length, Spans tokens) {
    boolean marked = false; // what stands before is a mark, or its number
    boolean awaitsNumber = false;
    int i = 0;
    while (i < length) {
      if (PythonText.isSpace(text[i])) {
        if (!marked || text[i] != ' ') {
          tokens.add(i, i + 1);
        }
        marked = false;
        i++;
        continue;
      }
      int end = Blanks.next(text, i, length);
      marked = marks.find(text, i, end) != null || awaitsNumber && isNumber(text, i, end);
      awaitsNumber = numbered.find(text, i, end) != null;
      if (marked) {
        tokens.add(i, end);
        i = end;
      }
      while (i < end) {
        int next = characterEnd(text, i, end);
        tokens.add(i, next);
        i = next;
      }
    }
  }

  private static boolean isNumber(char[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return false;
      }
    }
    return true;
  }

  /** Where the character ends that begins at {@code from}. */
  static int characterEnd(char[] text, int from, int to) {
    int base = Character.codePointAt(text, from, to);
    int i = from + Character.charCount(base);
    if (i == to || text[i] < 128) { // as nearly always
      return i;
    }
    i = hangulEnd(text, base, i, to);
    if (isRegional(base) && isRegional(Character.codePointAt(text, i, to))) {
      i += 2; // two letters are a flag
    }
    boolean symbol = isSymbol(base);
    int before = base;
    while (i < to) {
      int c = Character.codePointAt(text, i, to);
      boolean joined = symbol && before == JOINER && isSymbol(c);
      if (!joined && !isExtension(c)) {
        break;
      }
      before = c;
      i += Character.charCount(c);
    }
    return i;
  }

  private static boolean isExtension(int c) {
    return (MARKS >> Character.getType(c) & 1) != 0
        || c == JOINER
        || c == 0x200C // zero width non-joiner
        || c == 0x0E33 // Thai and Lao vowels that a letter carries
        || c == 0x0EB3
        || c == 0xFF9E // halfwidth voicing marks
        || c == 0xFF9F
        || c >= 0x1F3FB && c <= 0x1F3FF // tones of skin
        || c >= 0xE0020 && c <= 0xE007F; // tags
  }

  private static boolean isSymbol(int c) {
    return Character.getType(c) == Character.OTHER_SYMBOL || c >= 0x1F000 && c <= 0x1FAFF;
  }

  private static boolean isRegional(int c) {
    return c >= 0x1F1E6 && c <= 0x1F1FF;
  }

  /** Behind the letters that make one syllable with the first one. */
  private static int hangulEnd(char[] text, int base, int from, int to) {
    int i = from;
    Hangul before = Hangul.of(base);
    while (i < to && before != Hangul.NONE) {
      Hangul next = Hangul.of(text[i]);
      if (!before.isFollowedBy(next)) {
        break;
      }
      before = next;
      i++;
    }
    return i;
  }

  /** What part of a syllable a character is. */
  private enum Hangul {
    NONE,
    LEADING,
    VOWEL,
    TRAILING,
    OPEN, // a syllable without a trailing letter
    CLOSED;

    static Hangul of(int c) {
      if (c >= 0x1100 && c <= 0x11FF) {
        return c < 0x1160 ? LEADING : c < 0x11A8 ? VOWEL : TRAILING;
      }
      if (c >= 0xAC00 && c <= 0xD7A3) {
        return (c - 0xAC00) % 28 == 0 ? OPEN : CLOSED;
      }
      if (c >= 0xA960 && c <= 0xA97C) {
        return LEADING;
      }
      return c >= 0xD7B0 && c <= 0xD7C6 ? VOWEL : c >= 0xD7CB && c <= 0xD7FB ? TRAILING : NONE;
    }

    boolean isFollowedBy(Hangul next) {
      return switch (this) {
        case LEADING -> next != NONE && next != TRAILING;
        case VOWEL, OPEN -> next == VOWEL || next == TRAILING;
        case TRAILING, CLOSED -> next == TRAILING;
        case NONE -> false;
      };
    }
  }
}
