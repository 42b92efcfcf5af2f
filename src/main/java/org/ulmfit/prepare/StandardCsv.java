package org.ulmfit.prepare;

import java.io.BufferedWriter;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.corpus.CsvText;
import org.ulmfit.io.AtomicFiles;

/**
 * The standardised corpus as the lesson writes it: label index and text, no header, minimal quoting
 * as pandas does it.
 *
 * <pre>
 * 0,plain text
 * 1,"a comma, a ""quote"" or a line end"
 * </pre>
 */
final class StandardCsv {
  private static final Pattern LINE_END = Pattern.compile("\\R");

  private StandardCsv() {}

  /**
   * Writes one file, aside and renamed.
   *
   * @param labelsOf labels of each document, several with blanks between; null: 0 in every row
   */
  static void write(Path file, Spill spill, int[] rows, int @Nullable [][] labelsOf) {
    Folders.createOf(file);
    AtomicFiles.write(
        file,
        (OutputStream stream) -> {
          Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
          for (int doc : rows) {
            out.write(labelsOf == null ? "0" : joined(labelsOf[doc]));
            for (String field : spill.fields(doc)) {
              out.write(',');
              out.write(CsvText.cell(field));
            }
            out.write('\n');
          }
          out.flush();
        });
  }

  private static String joined(int[] labels) {
    return Arrays.stream(labels).mapToObj(Integer::toString).collect(Collectors.joining(" "));
  }

  /** {@code classes.txt}: one name per line; line ends in a name are written {@code \\n}. */
  static void writeClasses(Path file, List<String> names) {
    AtomicFiles.writeString(
        file,
        names.stream()
            .map(name -> LINE_END.matcher(name).find() ? Shown.escaped(name) : name)
            .collect(Collectors.joining("\n", "", "\n")));
  }
}
