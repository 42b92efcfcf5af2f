package org.ulmfit.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CsvRows;
import org.ulmfit.corpus.StrictReader;

/** Rows of CSV or TSV, strictly: every row has as many columns as the first. */
final class TableRows implements Rows {

  /**
   * What was asked for.
   *
   * @param text columns by name or index; empty: {@code text}, or the only column
   * @param id null: the column {@code id}, if there is one
   * @param header null: there is one if the first row holds the names asked for
   */
  record Columns(List<String> text, String id, Boolean header) {}

  private final String name;
  private final Reader reader;
  private final CsvRows table;
  private final List<Integer> text = new ArrayList<>();
  private final int width;
  private int id = -1;
  private List<String> first;
  private long number;

  TableRows(InputStream in, String name, char separator, boolean quoting, Columns columns) {
    this.name = name;
    this.reader = new StrictReader(in, StandardCharsets.UTF_8, name);
    this.table = new CsvRows(reader, separator, quoting);
    first = next();
    width = first == null ? 0 : first.size();
    if (first != null && choose(first, columns)) {
      first = null;
    }
  }

  /** Finds the columns; whether the first row is a header. */
  private boolean choose(List<String> row, Columns asked) {
    boolean named =
        asked.text().stream().anyMatch(c -> !isIndex(c))
            || (asked.id() != null && !isIndex(asked.id()));
    boolean header = asked.header() != null ? asked.header() : named || row.contains("text");
    if (asked.text().isEmpty()) {
      text.add(header && row.contains("text") ? row.indexOf("text") : onlyColumn(row));
    }
    asked.text().forEach(c -> text.add(index(c, row, header, "--text-column")));
    if (asked.id() != null) {
      id = index(asked.id(), row, header, "--id-column");
    } else if (header) {
      id = row.indexOf("id");
    }
    return header;
  }

  private int onlyColumn(List<String> row) {
    if (row.size() != 1) {
      throw UlmfitException.usage(
          name
              + ": which of its "
              + row.size()
              + " columns holds the text? Name it with --text-column (the first row is "
              + JsonText.array(row)
              + ")");
    }
    return 0;
  }

  private int index(String column, List<String> row, boolean header, String option) {
    int found = header ? row.indexOf(column) : -1;
    if (found < 0 && isIndex(column)) {
      found = Integer.parseInt(column);
    }
    if (found < 0 || found >= row.size()) {
      List<String> known =
          header ? row : IntStream.range(0, row.size()).mapToObj(Integer::toString).toList();
      throw UlmfitException.badData(
          name
              + ": no column '"
              + column
              + "' ("
              + option
              + "); its columns are "
              + String.join(", ", known)
              + Nearest.hint(column, known));
    }
    return found;
  }

  private static boolean isIndex(String column) {
    return column.matches("\\d{1,6}");
  }

  @Override
  public List<Row> batch(int most) {
    List<Row> rows = new ArrayList<>();
    while (rows.size() < most) {
      List<String> cells = first != null ? first : next();
      first = null;
      if (cells == null) {
        break;
      }
      rows.add(row(cells));
    }
    return rows;
  }

  private Row row(List<String> cells) {
    number++;
    if (cells.size() != width) {
      throw UlmfitException.badData(
          "%s: line %d: %d columns where the first row has %d; mend the row, or its quotes"
              .formatted(name, table.startLine(), cells.size(), width));
    }
    return new Row(
        id < 0 ? Long.toString(number) : cells.get(id), text.stream().map(cells::get).toList());
  }

  private List<String> next() {
    try {
      return table.next();
    } catch (CsvRows.BadRow e) {
      throw UlmfitException.badData(
          name + ": line " + table.startLine() + ": " + e.getMessage() + "; mend the row");
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_DATA, name, e);
    }
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
