package org.ulmfit.corpus;

/** Cells of CSV as they are written: RFC 4180, quoted only where that is needed. */
public final class CsvText {

  private CsvText() {}

  /** A cell; Python's csv module writes the same with {@code QUOTE_MINIMAL}. */
  public static String cell(String value) {
    boolean plain = value.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
    return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
