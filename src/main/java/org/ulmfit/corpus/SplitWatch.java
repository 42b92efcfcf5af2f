package org.ulmfit.corpus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/**
 * Looks out for a column that tells the splits under a name that is not known for it: rows to be
 * tested on would be trained on. It shows itself with the second split that it names, which in a
 * sorted table comes late.
 */
final class SplitWatch {
  private final String file;
  private final Columns columns;
  private final List<Integer> suspects;
  private final Map<Integer, String> first = new HashMap<>(); // name of each

  private SplitWatch(String file, Columns columns) {
    this.file = file;
    this.columns = columns;
    this.suspects = new ArrayList<>(columns.suspects());
  }

  /** Null: there is nothing to look out for. */
  static @Nullable SplitWatch of(Layout layout) {
    Columns columns = layout.columns();
    return columns == null || columns.suspects().isEmpty()
        ? null
        : new SplitWatch(layout.name(), columns);
  }

  /** Whether a cell could be one of such a column. */
  static boolean isSuspect(String name, String cell) {
    return ColumnNames.isOtherFlag(name)
        ? cell.matches("(?i)[01](\\.0)?|true|false")
        : Columns.namedSplit(cell) != null;
  }

  /**
   * A row.
   *
   * @param cell of a column; empty: it has none
   * @throws UlmfitException (bad data) if a column names a second split
   */
  void row(IntFunction<String> cell) {
    for (Iterator<Integer> each = suspects.iterator(); each.hasNext(); ) {
      int column = each.next();
      String value = cell.apply(column).strip();
      String name = columns.names().get(column);
      if (value.isEmpty()) {
        continue;
      }
      if (!isSuspect(name, value)) {
        each.remove(); // it tells of something else
        continue;
      }
      String before = first.putIfAbsent(column, value);
      if (before != null && !isSame(name, before, value)) {
        throw refusal(column, before, value);
      }
    }
  }

  private static boolean isSame(String name, String a, String b) {
    return ColumnNames.isOtherFlag(name)
        ? a.equalsIgnoreCase(b)
        : Columns.namedSplit(a) == Columns.namedSplit(b);
  }

  private UlmfitException refusal(int column, String before, String value) {
    String name = ColumnNames.shown(columns.names(), column);
    return UlmfitException.badData(
        file
            + ": does its column "
            + name
            + " ("
            + before
            + ", "
            + value
            + ") tell the splits? "
            + (ColumnNames.isOtherFlag(columns.names().get(column))
                ? "Write train and test under the name split"
                : "Call it split, or say --split-column " + name)
            + "; if it does not, say --split-column none");
  }
}
