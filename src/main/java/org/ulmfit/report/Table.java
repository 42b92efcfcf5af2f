package org.ulmfit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.ulmfit.Shown;

/** A small table of cells of one line: first column to the left, the others to the right. */
public final class Table {
  private final List<String[]> rows = new ArrayList<>();

  public Table(String... head) {
    rows.add(head);
  }

  public void row(String... cells) {
    rows.add(cells);
  }

  /** Aligned columns; no line end. */
  public String text() {
    int columns = rows.get(0).length;
    int[] width = new int[columns];
    for (String[] row : rows) {
      for (int c = 0; c < columns; c++) {
        width[c] = Math.max(width[c], Shown.width(row[c]));
      }
    }
    return rows.stream().map(row -> line(row, width)).collect(Collectors.joining("\n"));
  }

  private static String line(String[] row, int[] width) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < row.length; c++) {
      String pad = " ".repeat(width[c] - Shown.width(row[c]));
      line.append(c == 0 ? row[c] + pad : "  " + pad + row[c]);
    }
    return line.toString().stripTrailing();
  }

  /**
   * The same in a page.
   *
   * @param caption plain text
   */
  public String html(String caption) {
    List<List<String>> cells = rows.stream().map(List::of).toList();
    return Html.table(caption, cells.get(0), cells.subList(1, cells.size()));
  }

  /** A cell's shade, 0 to 1, by its column and what it says. */
  interface Shade {
    double of(int column, String cell);
  }

  /** The same with shaded cells. */
  String shaded(String caption, Shade shade) {
    List<List<String>> cells = rows.stream().map(List::of).toList();
    return Html.shaded(
        caption,
        cells.get(0),
        cells.subList(1, cells.size()),
        (row, column) -> shade.of(column, cells.get(row + 1).get(column)));
  }

  /** The same in Markdown, with a line end. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      text.append('|');
      for (String cell : rows.get(r)) {
        text.append(' ').append(Shown.markdown(cell)).append(" |");
      }
      text.append('\n');
      if (r == 0) {
        text.append("|---|").append("---:|".repeat(rows.get(0).length - 1)).append('\n');
      }
    }
    return text.toString();
  }
}
