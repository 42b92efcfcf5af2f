package org.ulmfit.corpus;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Whether the first row of a table names its columns. Usual names say so, unless one of them stands
 * again below (a label called "question") or beside a sentence; otherwise what stands below must
 * differ from the first row: numbers below a word, sentences below a name, labels that recur below
 * one that does not.
 */
final class HeaderRow {
  private static final Pattern SENTENCE_END = Pattern.compile(".*[.!?…。！？]\\p{Pe}?\"?");
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{M}\\p{N}_ .:/#&+()-]+");
  private static final Pattern AROUND = Pattern.compile("^[#$%*'\"]+|[*'\"?.!]+$");
  private static final int NAME_CHARS = 40;
  private static final int ENOUGH_ROWS = 3;
  private static final int MANY_ROWS = 8;

  /** What the first row is. */
  enum Answer {
    HEADER,
    DATA,
    UNSURE
  }

  private final List<String> first;
  private final List<List<String>> rest;

  private HeaderRow(List<String> first, List<List<String>> rest) {
    this.first = first;
    this.rest = rest;
  }

  /**
   * @param rest rows of the same width
   */
  static Answer of(List<String> first, List<List<String>> rest) {
    return new HeaderRow(first, rest).answer();
  }

  private Answer answer() {
    long known = ColumnNames.known(first);
    boolean recurs = columns().anyMatch(this::recurs);
    boolean sentence = columns().anyMatch(this::sentenceAsBelow);
    if (known >= 2) {
      return recurs ? Answer.UNSURE : sentence ? Answer.DATA : Answer.HEADER;
    }
    if (recurs) {
      return Answer.DATA;
    }
    boolean numbersBelow = columns().anyMatch(this::numbersBelow);
    if (sentence) {
      return numbersBelow && first.size() > 1 ? Answer.UNSURE : Answer.DATA;
    }
    if (isNumbered()) {
      return Answer.HEADER;
    }
    boolean data = columns().anyMatch(this::numberAsBelow) || !areNames();
    if (known == 1) {
      return data ? Answer.UNSURE : Answer.HEADER;
    }
    if (data || rest.isEmpty()) {
      return Answer.DATA;
    }
    boolean textBelow = columns().anyMatch(this::textBelow);
    boolean labelsAndText =
        rest.size() >= MANY_ROWS
            && columns().anyMatch(this::labelsBelow)
            && columns().anyMatch(c -> ColumnStats.of(below(c)).isText());
    boolean names = numbersBelow || textBelow && rest.size() >= ENOUGH_ROWS || labelsAndText;
    if (first.size() > 1 && names) {
      return Answer.HEADER;
    }
    return textBelow || first.size() > 1 ? Answer.UNSURE : Answer.DATA;
  }

  /** A sentence above sentences; a question above answers of a word is a name. */
  private boolean sentenceAsBelow(int c) {
    return isSentence(first.get(c)) && (rest.isEmpty() || ColumnStats.of(below(c)).words() >= 2);
  }

  private IntStream columns() {
    return IntStream.range(0, first.size());
  }

  private List<String> below(int c) {
    return rest.stream().map(row -> row.get(c)).toList();
  }

  /** Whether a cell stands again below it, in a row that is not the whole first row again. */
  private boolean recurs(int c) {
    String cell = first.get(c).strip();
    return !cell.isEmpty()
        && rest.stream().anyMatch(row -> row.get(c).strip().equals(cell) && !isAgain(row, first));
  }

  /** Whether a row is the header once more; of tables put together each may have its mark. */
  static boolean isAgain(List<String> row, List<String> header) {
    String first = row.get(0);
    String bare = first.startsWith("\ufeff") ? first.substring(1) : first;
    return row.size() == header.size()
        && bare.equals(header.get(0))
        && row.subList(1, row.size()).equals(header.subList(1, header.size()));
  }

  /** The names pandas gives to columns without names: 0, 1, 2; its index has none at all. */
  private boolean isNumbered() {
    int from = first.get(0).isBlank() ? 1 : 0;
    return first.size() > from
        && IntStream.range(from, first.size())
            .allMatch(c -> first.get(c).strip().equals(Integer.toString(c - from)))
        && columns().anyMatch(c -> c >= from && ColumnStats.of(below(c)).isText());
  }

  private boolean numberAsBelow(int c) {
    return ColumnStats.isNumber(first.get(c).strip())
        && (rest.isEmpty() || ColumnStats.of(below(c)).numeric() > 0);
  }

  private boolean numbersBelow(int c) {
    ColumnStats stats = ColumnStats.of(below(c));
    return stats.filled() > 0 && stats.numeric() == 1 && ColumnStats.words(first.get(c)) > 0;
  }

  private boolean textBelow(int c) {
    ColumnStats stats = ColumnStats.of(below(c));
    return stats.isText() && stats.words() >= 4 && ColumnStats.words(first.get(c)) < stats.fewest();
  }

  /** The same few values again and again, and never the first cell: that was looked at before. */
  private boolean labelsBelow(int c) {
    ColumnStats stats = ColumnStats.of(below(c));
    return stats.isLabel() && 3 * stats.distinct() <= stats.filled();
  }

  /** Whether the cells could be names; one may be blank, as pandas leaves that of its index. */
  private boolean areNames() {
    Set<String> different = new HashSet<>();
    int blank = 0;
    int named = 0;
    for (int c = 0; c < first.size(); c++) {
      String name = AROUND.matcher(first.get(c).strip().toLowerCase(Locale.ROOT)).replaceAll("");
      if (name.isEmpty()) { // spreadsheets leave empty columns
        blank += ColumnStats.of(below(c)).filled() > 0 ? 1 : 0;
        continue;
      }
      named++;
      boolean usable = name.length() <= NAME_CHARS && NAME.matcher(name).matches();
      if (!usable || name.chars().noneMatch(Character::isLetter) || !different.add(name)) {
        return false;
      }
    }
    return blank <= 1 && named > 0;
  }

  private static boolean isSentence(String cell) {
    String text = cell.strip();
    return text.length() > 2 * NAME_CHARS
        || ColumnStats.words(text) >= 5
        || text.length() > 1 && SENTENCE_END.matcher(text).matches();
  }
}
