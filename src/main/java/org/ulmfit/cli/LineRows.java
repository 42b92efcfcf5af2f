package org.ulmfit.cli;

import java.util.ArrayList;
import java.util.List;

/** One text per line, numbered from 1. */
final class LineRows implements Rows {
  private static final long BATCH_BYTES = 4 << 20;

  private final Lines lines;

  LineRows(Lines lines) {
    this.lines = lines;
  }

  @Override
  public List<Row> batch(int most) {
    long number = lines.number();
    List<Row> rows = new ArrayList<>();
    for (String line : lines.batch(most, BATCH_BYTES)) {
      rows.add(new Row(Long.toString(++number), List.of(line)));
    }
    return rows;
  }

  @Override
  public void close() {
    lines.close();
  }
}
