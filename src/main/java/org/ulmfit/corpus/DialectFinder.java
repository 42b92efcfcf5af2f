package org.ulmfit.corpus;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Dialect.Quotes;

/**
 * Finds out how a table is written, by reading its start in each dialect: in the right one all rows
 * have as many columns as the first.
 */
final class DialectFinder {
  private static final List<Character> SEPARATORS = List.of(',', ';', '\t', '|');
  private static final int ROWS = 400;
  private static final int ENOUGH_ROWS = 8;
  private static final double REGULAR = 0.8;
  private static final Pattern NAMED =
      Pattern.compile("\"?sep=(.)\"?(\\r\\n?|\\n|$)", Pattern.DOTALL);

  private final String head;
  private final boolean whole;
  private final boolean carriageReturns;

  /**
   * @param head the start of the input
   * @param whole whether that is all of it
   */
  DialectFinder(String head, boolean whole) {
    this.head = head;
    this.whole = whole;
    this.carriageReturns = head.indexOf('\n') < 0 && head.indexOf('\r') >= 0;
  }

  /**
   * The start of a table read in a dialect.
   *
   * @param rows whole rows, broken ones left out
   * @param broken number of rows that break the dialect's rules
   * @param all whether the rows are all there are
   * @param why what is wrong with the first broken row; null: nothing
   */
  record Reading(
      Dialect dialect, List<List<String>> rows, int broken, boolean all, @Nullable String why) {
    /** Columns of the first row. */
    int width() {
      return rows.isEmpty() ? 0 : rows.get(0).size();
    }

    boolean isEven() {
      return broken == 0 && !rows.isEmpty() && rows.stream().allMatch(r -> r.size() == width());
    }

    boolean isTable() {
      return width() > 1 && isEven();
    }

    /** Share of the rows that have as many columns as most of them. */
    private double regularity() {
      Map<Integer, Long> widths =
          rows.stream().collect(Collectors.groupingBy(List::size, Collectors.counting()));
      widths.remove(1);
      long most = widths.values().stream().mapToLong(n -> n).max().orElse(0);
      return (double) most / Math.max(1, rows.size() + broken);
    }

    /**
     * Whether the separator is followed by a blank wherever it stands, as in a sentence, and none
     * of the columns holds labels.
     */
    boolean isProse() {
      return width() > 1
          && dialect.separator() != '|'
          && !hasLabels()
          && rows.stream()
              .allMatch(
                  row ->
                      row.subList(1, row.size()).stream()
                          .allMatch(cell -> cell.startsWith(" ") || cell.isEmpty()));
    }

    private boolean hasLabels() {
      return rows.size() >= ENOUGH_ROWS
          && isEven()
          && IntStream.range(0, width())
              .mapToObj(c -> ColumnStats.of(rows.stream().map(row -> row.get(c)).toList()))
              .anyMatch(cells -> cells.isLabel() && 3 * cells.distinct() <= cells.filled());
    }

    /** How many cells of the first row are usual names of columns. */
    long knownNames() {
      return rows.isEmpty() ? 0 : ColumnNames.known(rows.get(0));
    }
  }

  /** The separator that the first line names as Excel does; null if it names none. */
  @Nullable Character named() {
    Matcher line = NAMED.matcher(head);
    return line.lookingAt() ? Character.valueOf(line.group(1).charAt(0)) : null;
  }

  /** Whether in some dialect the first row holds two usual names of columns or more. */
  boolean hasKnownHeader() {
    return SEPARATORS.stream()
        .filter(separator -> head.indexOf(separator) >= 0)
        .anyMatch(separator -> read(separator, Quotes.DOUBLED, false).knownNames() > 1);
  }

  /**
   * The dialect of what is known to be a table.
   *
   * @param separator null: found out
   * @param quoteTabs whether fields separated by tabs may be quoted; false: found out
   * @param tabsExpected whether the file's name says that tabs separate
   * @throws UlmfitException (bad data) if two separators fit equally well
   */
  Reading find(
      String file, @Nullable Character separator, boolean quoteTabs, boolean tabsExpected) {
    Character named = named();
    Character given = separator == null ? named : separator;
    List<Reading> readings = new ArrayList<>();
    for (char one : given == null ? SEPARATORS : List.of(given)) {
      boolean expected = one == ',' || one == '\t' && tabsExpected;
      if (given != null || expected || head.indexOf(one) >= 0) {
        readings.add(best(one, named != null, quoteTabs));
      }
    }
    if (readings.size() == 1) {
      return readings.get(0);
    }
    List<Reading> tables = readings.stream().filter(Reading::isTable).toList();
    if (tables.isEmpty()) {
      Reading best = mostRegular(readings);
      boolean known = best.knownNames() > 1;
      return tabsExpected && !known ? best('\t', named != null, quoteTabs) : best;
    }
    tables = favoured(tables);
    if (tables.size() > 1) {
      throw UlmfitException.badData(
          file
              + ": separated by "
              + tables.stream()
                  .map(t -> Dialect.plural(t.dialect.separator()) + " (" + t.width() + " columns)")
                  .collect(Collectors.joining(" or "))
              + "? Say --separator "
              + tables.stream()
                  .map(t -> Dialect.option(t.dialect.separator()))
                  .collect(Collectors.joining(" or ")));
    }
    return tables.get(0);
  }

  /** Those whose first row has usual names, else those whose separators are not punctuation. */
  private static List<Reading> favoured(List<Reading> tables) {
    long most = tables.stream().mapToLong(Reading::knownNames).max().orElse(0);
    List<Reading> best = tables.stream().filter(t -> t.knownNames() == most).toList();
    List<Reading> terse = best.stream().filter(t -> !t.isProse()).toList();
    return terse.isEmpty() ? best : terse;
  }

  /** None fits all rows: the one that fits most of them, or a single column. */
  private static Reading mostRegular(List<Reading> readings) {
    Reading single = readings.get(0);
    Reading best = single;
    for (Reading one : readings) {
      long more = one.knownNames() - best.knownNames();
      boolean better = one.regularity() > best.regularity() + 0.1;
      best = more > 0 || more == 0 && better ? one : best;
    }
    boolean clear = best.knownNames() > single.knownNames() || best.regularity() >= REGULAR;
    return single.isEven() && !clear ? single : best;
  }

  /** A separator with the quotes that fit: doubled, escaped by backslashes, or for tabs none. */
  Reading best(char separator, boolean named, boolean quoteTabs) {
    Reading doubled = read(separator, Quotes.DOUBLED, named);
    if (head.contains("\\\"") && !all(separator, Quotes.DOUBLED, named).isEven()) {
      Reading escaped = read(separator, Quotes.BACKSLASH, named);
      if (escaped.isEven()
          && (!doubled.isEven() || all(separator, Quotes.BACKSLASH, named).isEven())) {
        return escaped;
      }
    }
    if (quoteTabs || head.indexOf('"') < 0 && separator != '\t') {
      return doubled;
    }
    Reading bare = read(separator, Quotes.NONE, named);
    if (separator != '\t') { // as databases write pipes; commas are for writers who quote
      boolean speech = separator != ',' && !doubled.isEven() && bare.isTable() && neverOpens(bare);
      return speech ? bare : doubled;
    }
    if (!doubled.isEven() || head.indexOf('"') < 0) {
      return bare;
    }
    return !bare.isEven() || quotedByAWriter(all(separator, Quotes.NONE, named)) ? doubled : bare;
  }

  /** Whether no cell begins with a quote, so that none is quoted. */
  private static boolean neverOpens(Reading bare) {
    return bare.rows.stream().flatMap(List::stream).noneMatch(cell -> cell.startsWith("\""));
  }

  /** All of the start: the first quote may stand far down. */
  private Reading all(char separator, Quotes quotes, boolean named) {
    return read(separator, quotes, named, Integer.MAX_VALUE);
  }

  /**
   * Whether quotes stand where a writer of CSV puts them: around all of a column, or where needed;
   * Excel puts them around a cell with a comma, too.
   */
  private static boolean quotedByAWriter(Reading bare) {
    Map<Integer, int[]> columns = new LinkedHashMap<>();
    boolean any = false;
    for (List<String> row :
        bare.rows.subList(Math.min(1, bare.rows.size() - 1), bare.rows.size())) {
      for (int c = 0; c < row.size(); c++) {
        String cell = row.get(c);
        // quoted for nothing, bare, quoted for a comma, bare with one
        int[] counts = columns.computeIfAbsent(c, key -> new int[4]);
        boolean quoted = cell.length() > 1 && cell.startsWith("\"") && cell.endsWith("\"");
        boolean needed = quoted && cell.indexOf('"', 1) < cell.length() - 1;
        boolean comma = cell.indexOf(',') >= 0;
        any |= quoted;
        counts[0] += quoted && !needed && !comma ? 1 : 0;
        counts[1] += quoted || cell.isEmpty() ? 0 : 1;
        counts[2] += quoted && !needed && comma ? 1 : 0;
        counts[3] += !quoted && comma ? 1 : 0;
      }
    }
    return any
        && columns.values().stream().noneMatch(n -> n[0] > 0 && n[1] > 0 || n[2] > 0 && n[3] > 0);
  }

  private Reading read(char separator, Quotes quotes, boolean named) {
    return read(separator, quotes, named, ROWS);
  }

  private Reading read(char separator, Quotes quotes, boolean named, int most) {
    Dialect dialect = new Dialect(separator, quotes, carriageReturns, named);
    List<List<String>> rows = new ArrayList<>();
    int broken = 0;
    String why = null;
    boolean ended = false;
    try {
      CsvRows reader = new CsvRows(new StringReader(head), dialect);
      while (rows.size() + broken <= most && !ended) {
        try {
          List<String> row = reader.next();
          ended = row == null;
          if (!ended) {
            rows.add(row);
          }
        } catch (CsvRows.BadRow e) {
          broken += whole || !e.fatal ? 1 : 0; // the start may end within quotes
          why = why == null && (whole || !e.fatal) ? e.what : why;
          ended = e.fatal;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!whole && ended && rows.size() > 1) {
      rows.remove(rows.size() - 1); // it may go on behind the start
    }
    return new Reading(dialect, rows, broken, whole && ended, why);
  }
}
