package org.ulmfit.corpus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How labels stand in rows where a cell is not simply a label.
 *
 * <pre>
 * text,emotions          text,toxic,insult          text,emotions
 * good,"joy, love"       good,0,0                   good,"17,18"
 * (a separator)          (columns)                  (names: the 18th and the 19th of a file)
 * </pre>
 *
 * @param columns of 0 and 1, one a label: their names, or their indices where there was no header;
 *     empty: labels stand in one column
 * @param separator between the labels of a cell; null: none
 * @param names of the labels that a cell holds indices of; empty: it holds names
 */
public record LabelForm(List<String> columns, @Nullable String separator, List<String> names) {
  /** A cell is a label. */
  static final LabelForm PLAIN = new LabelForm(List.of(), null, List.of());

  public LabelForm {
    columns = copy(columns);
    names = copy(names);
  }

  /** Null can stand in a file, and is told by {@link #whole}. */
  private static List<String> copy(@Nullable List<String> list) {
    return list == null ? List.of() : Collections.unmodifiableList(new ArrayList<>(list));
  }

  /** Whether the components go together; anything can stand in a file. */
  boolean whole() {
    return columns.stream().noneMatch(Objects::isNull)
        && names.stream().noneMatch(Objects::isNull)
        && (columns.isEmpty() || separator == null && names.isEmpty())
        && (separator == null || !separator.isEmpty());
  }

  boolean isPlain() {
    return equals(PLAIN);
  }

  /** All labels there can be, in their order; empty: not known before all rows are read. */
  List<String> declared() {
    return columns.isEmpty() ? names : columns;
  }
}
