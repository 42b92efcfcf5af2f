package org.ulmfit.prepare;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusReader;

/**
 * {@code rejected.jsonl}: every row of a corpus that was left out on request, one a line; no file
 * if there is none.
 *
 * <pre>
 * {"where":"reviews.csv: row 7","reason":"3 columns, the header has 2"}
 * </pre>
 */
final class RejectedRows implements AutoCloseable {
  static final String FILE = "rejected.jsonl";

  // whatever a row holds, half of a surrogate pair too, can be written
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final Path file;
  private @Nullable BufferedWriter out;

  /**
   * @param dir gets the file; what an earlier reading left there is removed
   */
  RejectedRows(Path dir) {
    file = dir.resolve(FILE);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(file, e);
    }
  }

  /**
   * One file of those of several folders, in their order; what an earlier reading left is removed.
   */
  static void join(List<Path> folders, Path dir) {
    Path file = dir.resolve(FILE);
    try {
      Files.deleteIfExists(file);
      for (Path folder : folders) {
        Path own = folder.resolve(FILE);
        if (Files.exists(own)) {
          try (OutputStream out =
              Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            Files.copy(own, out);
          }
        }
      }
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(file, e);
    }
  }

  void add(CorpusReader.Rejection rejection) {
    try {
      if (out == null) {
        out = Files.newBufferedWriter(file);
      }
      out.write(JSON.writeValueAsString(rejection));
      out.write('\n');
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(file, e);
    }
  }

  void flush() {
    try {
      if (out != null) {
        out.flush();
      }
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(file, e);
    }
  }

  @Override
  public void close() {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(file, e);
    }
  }
}
