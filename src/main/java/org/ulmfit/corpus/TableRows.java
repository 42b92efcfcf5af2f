package org.ulmfit.corpus;

import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/** Rows of a table, each as wide as the first. */
final class TableRows implements RowReader {
  private final String file;
  private final Columns columns;
  private final RowLabels reading;
  private final boolean answering;
  private final @Nullable SplitWatch watch;
  private final CsvRows rows;
  private @Nullable List<String> header;
  private long number;

  /**
   * @param answering whether labels do not matter
   * @param watch that sees each row; null: none
   */
  TableRows(Reader in, Layout layout, boolean answering, @Nullable SplitWatch watch)
      throws IOException {
    this.watch = watch;
    this.file = layout.name();
    this.reading = layout.labels();
    this.answering = answering;
    this.columns = Objects.requireNonNull(layout.columns()); // a table has both
    this.rows = new CsvRows(in, Objects.requireNonNull(layout.dialect()));
  }

  @Override
  public @Nullable Row next() throws IOException {
    if (columns.header() && number == 0) {
      number++;
      header = cells();
    }
    try {
      List<String> cells;
      do {
        number++;
        cells = rows.next();
      } while (cells != null && isNone(cells));
      return cells == null ? null : row(cells);
    } catch (CsvRows.BadRow e) {
      if (e.fatal) {
        throw broken(e);
      }
      return Row.bad(number, rows.startLine(), e.what);
    }
  }

  /** A row of blanks is none, as an empty line is none, but where each row gets an answer. */
  private boolean isNone(List<String> cells) {
    boolean asks = answering && cells.size() == columns.width();
    return !asks && cells.stream().allMatch(String::isBlank);
  }

  @Override
  public boolean ready() throws IOException {
    return rows.ready();
  }

  private @Nullable List<String> cells() throws IOException {
    try {
      return rows.next();
    } catch (CsvRows.BadRow e) {
      throw broken(e);
    }
  }

  private UlmfitException broken(CsvRows.BadRow e) {
    String where = Row.bad(number, rows.startLine(), "").where(file);
    return UlmfitException.badData(where + ": " + e.what + "; mend the quotes of this row");
  }

  private Row row(List<String> cells) {
    long line = rows.startLine();
    if (cells.size() != columns.width()) {
      String expected = columns.header() ? ", the header has " : ", the first row has ";
      String quotes =
          columns.width() == 1 ? "; quote texts that hold separators, or say --format lines" : "";
      return Row.bad(number, line, cells.size() + " columns" + expected + columns.width() + quotes);
    }
    if (cells.size() > 1 && header != null && HeaderRow.isAgain(cells, header)) {
      return Row.bad(number, line, "the header once more");
    }
    if (watch != null) {
      watch.row(cells::get);
    }
    @Nullable List<String> labels = null;
    @Nullable String problem = null;
    try {
      labels = answering ? null : labels(cells);
    } catch (RowLabels.BadLabels e) {
      problem = e.what;
    }
    return new Row(
        number,
        line,
        columns.id() < 0 ? null : cells.get(columns.id()),
        false,
        columns.text().stream().map(cells::get).toList(),
        labels,
        columns.split() < 0 ? null : cells.get(columns.split()),
        null,
        problem);
  }

  private @Nullable List<String> labels(List<String> cells) throws RowLabels.BadLabels {
    if (!columns.flags().isEmpty()) {
      return reading.ofColumns(columns.flags().stream().<@Nullable String>map(cells::get).toList());
    }
    return columns.label() < 0 ? null : reading.ofCell(cells.get(columns.label()));
  }
}
