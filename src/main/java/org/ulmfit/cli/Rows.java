package org.ulmfit.cli;

import java.util.List;

/** Texts to be labelled, in the order of the input; no row is ever left out. */
interface Rows extends AutoCloseable {

  /**
   * One row.
   *
   * @param numeric whether the id was a number in JSON and is written as one
   * @param fields its text columns
   */
  record Row(String id, boolean numeric, List<String> fields) {
    Row(String id, List<String> fields) {
      this(id, false, fields);
    }
  }

  /** The next rows, at most so many; empty at the end. */
  List<Row> batch(int most);

  @Override
  void close();
}
