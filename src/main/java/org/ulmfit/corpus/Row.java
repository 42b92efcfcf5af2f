package org.ulmfit.corpus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as a reader found it.
 *
 * @param number of the row in its file, from 1; a header counts
 * @param line at which it begins, from 1
 * @param id its own; null: none
 * @param idIsJson whether the id is a value of JSON other than a string, written as such
 * @param fields its text columns
 * @param labels its labels as the input has them; null: it is not labelled
 * @param split the name of its split; null: none given
 * @param problem why it cannot be used; null: it can
 * @param labelProblem why its labels cannot be, which are null then; null: they can
 */
record Row(
    long number,
    long line,
    @Nullable String id,
    boolean idIsJson,
    List<String> fields,
    @Nullable List<String> labels,
    @Nullable String split,
    @Nullable String problem,
    @Nullable String labelProblem) {

  static Row of(long number, String text) {
    return new Row(number, number, null, false, List.of(text), null, null, null, null);
  }

  static Row bad(long number, long line, String problem) {
    return new Row(number, line, null, false, List.of(), null, null, problem, null);
  }

  /** {@code a.csv: row 3 (line 7)}. */
  String where(String file) {
    return file + ": row " + number + (line == number ? "" : " (line " + line + ")");
  }
}
