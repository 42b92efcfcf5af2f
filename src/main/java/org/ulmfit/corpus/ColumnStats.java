package org.ulmfit.corpus;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the cells of a column look like, from the first rows of a table.
 *
 * @param filled cells that are not blank
 * @param distinct different ones among them
 * @param numeric share of numbers among them
 * @param words mean number of words with letters
 * @param fewest words of the shortest cell
 * @param longest characters of the longest cell
 * @param odd share of dates, times, addresses of mail and of the web
 */
record ColumnStats(
    int filled,
    int distinct,
    double numeric,
    double words,
    double fewest,
    int longest,
    double odd) {
  private static final Pattern ODD =
      Pattern.compile(
          "\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{1,4}([T ].*)?|\\d{1,2}:\\d{2}(:\\d{2}.*)?|(https?|ftp)://\\S+|www\\.\\S+|\\S+@\\S+\\.\\S+");
  private static final Pattern NUMBER = Pattern.compile("[-+]?\\d+([.,]\\d+)*([eE][-+]?\\d+)?%?");
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final int LABEL_CHARS = 80;

  /** Written without blanks between words; two characters make about a word. */
  private static final Set<UnicodeScript> UNSPACED =
      EnumSet.of(
          UnicodeScript.HAN,
          UnicodeScript.HIRAGANA,
          UnicodeScript.KATAKANA,
          UnicodeScript.THAI,
          UnicodeScript.LAO,
          UnicodeScript.KHMER,
          UnicodeScript.MYANMAR);

  static ColumnStats of(List<String> cells) {
    Set<String> different = new HashSet<>();
    int filled = 0;
    int numbers = 0;
    int odd = 0;
    double words = 0;
    double fewest = Double.MAX_VALUE;
    int longest = 0;
    for (String raw : cells) {
      String cell = raw.strip();
      if (cell.isEmpty()) {
        continue;
      }
      filled++;
      different.add(cell);
      numbers += isNumber(cell) ? 1 : 0;
      odd += cell.length() < 200 && ODD.matcher(cell).matches() ? 1 : 0;
      double own = words(cell);
      words += own;
      fewest = Math.min(fewest, own);
      longest = Math.max(longest, cell.length());
    }
    int n = Math.max(1, filled);
    return new ColumnStats(
        filled,
        different.size(),
        (double) numbers / n,
        words / n,
        filled == 0 ? 0 : fewest,
        longest,
        (double) odd / n);
  }

  static boolean isNumber(String cell) {
    return cell.length() < 40 && NUMBER.matcher(cell).matches();
  }

  /** Words that hold a letter and no digit; two characters of a script without blanks make one. */
  static double words(String cell) {
    double words = 0;
    for (String token :
        BLANKS.split(cell.length() > 2000 ? cell.substring(0, 2000) : cell.strip())) {
      int unspaced = (int) token.codePoints().filter(ColumnStats::isUnspaced).count();
      boolean word =
          token.codePoints().anyMatch(Character::isLetter)
              && token.codePoints().noneMatch(Character::isDigit);
      words += unspaced > 1 ? unspaced / 2.0 : word ? 1 : 0;
    }
    return words;
  }

  private static boolean isUnspaced(int c) {
    return c > 0x0dff && UNSPACED.contains(UnicodeScript.of(c));
  }

  /** Whether people wrote these cells: several words each, and not the same few again and again. */
  boolean isText() {
    return filled > 0 && numeric < 0.5 && words >= 3 && !(filled >= 8 && 2 * distinct <= filled);
  }

  /**
   * Whether these cells could be labels: short, and the same ones again and again. A few rows tell
   * less: there it is enough that each is one word or number.
   */
  boolean isLabel() {
    if (filled == 0 || longest > LABEL_CHARS || words > 4) {
      return false;
    }
    return filled >= 4 ? 2 * distinct <= filled : words <= 1;
  }
}
