package org.ulmfit.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.IOConsumer;

/**
 * A folder that several programs fill, a file each at a time: {@code part-*.jsonl.gz}. A file is
 * there whole or not at all, and one that is there is left, so that work may be repeated.
 *
 * @param maker what its content hangs on, in words that stay the same for all of them
 */
record PartsFolder(Path path, String maker) {
  private static final String MAKER = "_made-by.txt";
  private static final String END = ".jsonl.gz";

  /**
   * Makes the folder, or goes on in it.
   *
   * @throws UlmfitException (usage) if what is in it was made otherwise, or is none of it
   */
  void begin() {
    OutFiles.make(path);
    Path file = path.resolve(MAKER);
    try {
      if (!Files.exists(file)) {
        try (var entries = Files.list(path)) {
          if (entries.anyMatch(entry -> !entry.getFileName().toString().matches("[._].*"))) {
            throw UlmfitException.usage(
                path + ": holds other files than parts of such answers; give another --out");
          }
        }
        mark(file);
      }
      if (!Files.readString(file).equals(maker)) {
        throw UlmfitException.usage(
            path
                + ": was begun with another model, input or other options ("
                + MAKER
                + "); give another --out, or remove it");
      }
    } catch (IOException e) {
      throw UlmfitException.cannotRead(file, e);
    }
  }

  /** Another that begins at this moment may write the same. */
  private void mark(Path file) {
    try {
      AtomicFiles.writeShared(file, out -> out.write(maker.getBytes(StandardCharsets.UTF_8)));
    } catch (UlmfitException e) {
      if (!Files.exists(file)) {
        throw e;
      }
    }
  }

  /** The file that a part of the input goes to, in the same order. */
  Path of(Path part) {
    String name = String.valueOf(part.getFileName());
    return path.resolve(
        name.replaceFirst("(?i)(\\.(jsonl?|ndjson|csv|tsv|txt))?(\\.gz)?$", "") + END);
  }

  /** The file of a number. */
  Path of(int number) {
    return path.resolve(Shown.format("part-%05d", number) + END);
  }

  /** Writes a file, aside and renamed. */
  static void write(Path file, IOConsumer<Writer> lines) {
    AtomicFiles.writeShared(
        file,
        stream -> {
          GZIPOutputStream packed = new GZIPOutputStream(stream);
          Writer out = new BufferedWriter(new OutputStreamWriter(packed, StandardCharsets.UTF_8));
          lines.accept(out);
          out.flush();
          packed.finish();
        });
  }
}
