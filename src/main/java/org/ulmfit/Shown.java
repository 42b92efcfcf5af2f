package org.ulmfit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Names that come from data, labels above all, as people see them: in one line, with nothing in it
 * that a terminal obeys or that cannot be seen, no wider than a table can bear.
 *
 * <pre>
 * a label with a line end   two\nlines
 * an escape sequence        \u001b[31mred
 * one of 200 characters     the first 39 columns of it and …
 * </pre>
 *
 * <p>Files that machines read hold the names themselves.
 */
public final class Shown {
  /** Columns of a name at most. */
  public static final int WIDEST = 40;

  // an underscore only where it could begin or end an emphasis, an ampersand where an entity
  private static final Pattern MARKS =
      Pattern.compile("[\\\\|<>*`\\[\\]~]|(?<![\\p{L}\\p{N}])_|_(?![\\p{L}\\p{N}])|&(?=#?\\w+;)");

  private static final char LEFT_TO_RIGHT = '\u200e';

  private Shown() {}

  /**
   * A text with figures, which are the same wherever a program runs: no locale of a machine decides
   * what stands for a comma.
   *
   * @param format see {@link java.util.Formatter}
   */
  public static String format(String format, @Nullable Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** One name, cut at {@link #WIDEST} columns. */
  public static String name(String name) {
    return settled(cut(escaped(name), WIDEST));
  }

  /**
   * The name of a row, of which the end tells most: {@code /long/folder/reviews.csv:120} is {@code
   * reviews.csv:120} where all of it would be cut.
   */
  public static String row(String id) {
    if (width(escaped(id)) <= WIDEST) {
      return name(id);
    }
    String end = id.substring(id.substring(0, id.length() - 1).lastIndexOf('/') + 1);
    while (width(escaped(end)) >= WIDEST) {
      end = end.substring(end.offsetByCodePoints(0, 1));
    }
    return name(end.equals(id.substring(id.lastIndexOf('/') + 1)) ? end : "\u2026" + end);
  }

  /**
   * All names of a table, each another: names that are the same up to the cut get their number,
   * from 1.
   */
  public static List<String> names(List<String> names) {
    Set<String> all = new HashSet<>();
    Set<String> several = new HashSet<>();
    List<String> cut = names.stream().map(name -> cut(escaped(name), WIDEST)).toList();
    cut.forEach(
        name -> {
          if (!all.add(name)) {
            several.add(name);
          }
        });
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < cut.size(); i++) {
      String number = " #" + (i + 1);
      String name = cut.get(i);
      shown.add(
          settled(
              several.contains(name)
                  ? cut(escaped(names.get(i)), WIDEST - number.length()) + number
                  : name));
    }
    return shown;
  }

  /**
   * Names in one line, parted by commas; in quotes where a name holds a comma or begins or ends
   * with a blank.
   *
   * @param most names to tell; of the others the number
   */
  public static String list(Collection<String> names, int most) {
    String told =
        names.stream().limit(most).map(Shown::quotedIfNeeded).collect(Collectors.joining(", "));
    int more = names.size() - most;
    return more > 0 ? told + Shown.format(" and %,d more", more) : told;
  }

  private static String quotedIfNeeded(String name) {
    boolean plain = !name.isEmpty() && !name.contains(",") && name.equals(name.strip());
    return plain ? name(name) : '"' + name(name) + '"';
  }

  /**
   * A text in one line: what has no form of its own (line ends, control and format characters, half
   * a surrogate pair, blanks that look like a blank and are none) as Java writes it in a string.
   */
  public static String escaped(String text) {
    if (text.codePoints().noneMatch(Shown::hidden)) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 8);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> append(shown, c);
              }
            });
    return shown.toString();
  }

  private static void append(StringBuilder shown, int c) {
    if (!hidden(c)) {
      shown.appendCodePoint(c);
      return;
    }
    for (char unit : Character.toChars(c)) {
      shown.append(Shown.format("\\u%04x", (int) unit));
    }
  }

  /**
   * A text in Markdown: no cell, tag, link or emphasis begins in it.
   *
   * @param line in one line already, as the other methods here give it
   */
  public static String markdown(String line) {
    return MARKS.matcher(line).replaceAll("\\\\$0");
  }

  private static boolean hidden(int c) {
    if (c == 0x200c || c == 0x200d || c >= 0xe0020 && c <= 0xe007f) {
      return false; // joiners: Persian words, and emoji of several; tags: flags of regions
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      case Character.SPACE_SEPARATOR -> c != ' ' && c != 0x3000;
      default -> false;
    };
  }

  /** The beginning of a text, with an ellipsis where something is left out. */
  private static String cut(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    int width = 0;
    int end = 0;
    while (end < text.length()) {
      int c = text.codePointAt(end);
      width += width(c);
      if (width > columns - 1) {
        break;
      }
      end += Character.charCount(c);
    }
    return text.substring(0, end) + "…";
  }

  /** Columns that a text takes on a terminal: two for a wide character, none for a mark. */
  public static int width(String text) {
    return text.codePoints().map(Shown::width).sum();
  }

  private static int width(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> wide(c) ? 2 : 1;
    };
  }

  /** Unicode Standard Annex 11, classes W and F, by block. */
  private static boolean wide(int c) {
    return c >= 0x1100 && c <= 0x115f // Hangul Jamo
        || c >= 0x2e80 && c <= 0xa4cf && c != 0x303f // CJK, kana, Yi
        || c >= 0xa960 && c <= 0xa97f
        || c >= 0xac00 && c <= 0xd7a3 // Hangul
        || c >= 0xf900 && c <= 0xfaff
        || c >= 0xfe30 && c <= 0xfe6f
        || c >= 0xff01 && c <= 0xff60
        || c >= 0xffe0 && c <= 0xffe6
        || c >= 0x17000 && c <= 0x1b2ff // Tangut, kana
        || c >= 0x1f300 && c <= 0x1f64f // emoji
        || c >= 0x1f680 && c <= 0x1f6ff
        || c >= 0x1f900 && c <= 0x1f9ff
        || c >= 0x1fa70 && c <= 0x1faff
        || c >= 0x20000 && c <= 0x3fffd;
  }

  /** A name written from right to left keeps its place among figures. */
  private static String settled(String name) {
    boolean rightToLeft =
        name.codePoints()
            .map(Character::getDirectionality)
            .anyMatch(
                d ->
                    d == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                        || d == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC);
    return rightToLeft ? LEFT_TO_RIGHT + name + LEFT_TO_RIGHT : name;
  }
}
