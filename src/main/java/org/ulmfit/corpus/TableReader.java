package org.ulmfit.corpus;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.ulmfit.UlmfitException;

/** CSV and TSV. */
final class TableReader {
  private final String file;
  private final CorpusOptions options;
  private final Split forced;
  private final Intake intake;
  private Columns columns;
  private List<String> names = List.of();

  TableReader(String file, CorpusOptions options, Split forced, Intake intake) {
    this.file = file;
    this.options = options;
    this.forced = forced;
    this.intake = intake;
  }

  /** Reads all rows; the columns of the table, null if it is empty. */
  Columns read(Reader in, char separator, boolean quoting) throws IOException {
    CsvRows rows = new CsvRows(in, separator, quoting);
    for (long row = 1; ; row++) {
      List<String> cells;
      try {
        cells = rows.next();
      } catch (CsvRows.BadRow e) {
        String where = where(row, rows.startLine());
        if (e.fatal || columns == null) {
          throw UlmfitException.badData(
              where + ": " + e.getMessage() + "; mend the quotes of this row");
        }
        intake.reject(where, e.getMessage());
        continue;
      }
      if (cells == null) {
        return columns;
      }
      if (columns == null) {
        columns = Columns.of(file, cells, options);
        if (columns.header()) {
          names = cells;
          continue;
        }
      }
      accept(where(row, rows.startLine()), row, cells);
    }
  }

  /** Names of the columns, for messages. */
  String names() {
    return String.join(", ", names);
  }

  private void accept(String where, long row, List<String> cells) {
    if (cells.size() != columns.width()) {
      String expected = columns.header() ? ", the header has " : ", the first row has ";
      intake.reject(where, cells.size() + " columns" + expected + columns.width());
      return;
    }
    Split split = null;
    if (columns.split() >= 0) {
      split = columns.splitOf(cells.get(columns.split()));
      if (split == null) {
        intake.reject(
            where, "'" + cells.get(columns.split()) + "' is no split (train, valid, test, unsup)");
        return;
      }
    }
    List<String> fields = new ArrayList<>();
    columns.text().forEach(i -> fields.add(cells.get(i)));
    String label = columns.label() < 0 ? "" : cells.get(columns.label()).strip();
    String id = columns.id() < 0 ? file + ":" + row : cells.get(columns.id());
    List<String> labels = label.isEmpty() || split == Split.UNSUP ? List.of() : List.of(label);
    intake.row(where, split, forced, new Document(id, fields, labels));
  }

  private String where(long row, long line) {
    return file + ": row " + row + (line == row ? "" : " (line " + line + ")");
  }
}
