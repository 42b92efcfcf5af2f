package org.ulmfit.corpus;

import java.nio.charset.Charset;
import java.util.List;
import java.util.stream.Collectors;
import org.ulmfit.corpus.Dialect.Quotes;

/**
 * Writes tables as other programs do.
 *
 * @param separator between the columns
 * @param quotes of fields
 * @param all whether every field is quoted, or those alone that need it
 * @param lineEnd of a row
 * @param named whether the first line is {@code sep=}
 * @param charset of the file
 * @param mark whether it begins with a byte order mark
 */
record TableWriter(
    char separator,
    Quotes quotes,
    boolean all,
    String lineEnd,
    boolean named,
    Charset charset,
    boolean mark) {

  TableWriter with(Quotes others) {
    return new TableWriter(separator, others, all, lineEnd, named, charset, mark);
  }

  byte[] write(List<List<String>> rows) {
    String text =
        rows.stream()
            .map(
                row ->
                    row.stream().map(this::field).collect(Collectors.joining("" + separator))
                        + lineEnd)
            .collect(Collectors.joining());
    String first = named ? "sep=" + separator + lineEnd : "";
    return ((mark ? "\ufeff" : "") + first + text).getBytes(charset);
  }

  private String field(String value) {
    boolean needed =
        value.isEmpty() && all
            || value.chars().anyMatch(c -> c == separator || c == '"' || c == '\n' || c == '\r');
    if (quotes == Quotes.NONE || !needed && !all) {
      return value;
    }
    return quotes == Quotes.BACKSLASH
        ? '"' + value.replaceAll("\\\\+(?=\"|$)", "$0$0").replace("\"", "\\\"") + '"'
        : '"' + value.replace("\"", "\"\"") + '"';
  }
}
