package org.ulmfit.prepare;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.ulmfit.UlmfitException;

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
  private StandardCsv() {}

  /**
   * Writes one file, aside and renamed.
   *
   * @param labelOf label of each document; null: 0 in every row
   */
  static void write(Path file, Spill spill, int[] rows, int[] labelOf) {
    Path aside = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.createDirectories(file.getParent());
      try (BufferedWriter out = Files.newBufferedWriter(aside)) {
        for (int doc : rows) {
          out.write(Integer.toString(labelOf == null ? 0 : labelOf[doc]));
          for (String field : spill.fields(doc)) {
            out.write(',');
            out.write(quoted(field));
          }
          out.write('\n');
        }
      }
      Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw UlmfitException.failure(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  /** {@code classes.txt}: one name per line. */
  static void writeClasses(Path file, List<String> names) {
    try {
      Files.writeString(file, String.join("\n", names) + "\n");
    } catch (IOException e) {
      throw UlmfitException.failure(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private static String quoted(String field) {
    boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
