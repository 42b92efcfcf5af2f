package org.ulmfit.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.ulmfit.UlmfitException;

/** Opens what a command reads: a file, a {@code .gz}, or {@code -} for standard input. */
final class Inputs {
  private Inputs() {}

  static Lines lines(Path file, Console console) {
    return new Lines(stream(file, console), name(file));
  }

  static String name(Path file) {
    return isStdin(file) ? "standard input" : file.toString();
  }

  static boolean isStdin(Path file) {
    return file.toString().equals("-");
  }

  static InputStream stream(Path file, Console console) {
    if (isStdin(file)) {
      return console.in();
    }
    if (Files.isDirectory(file)) {
      throw UlmfitException.badData(file + ": is a folder; name a file, or - for standard input");
    }
    if (!Files.exists(file)) {
      throw UlmfitException.badData(file + ": no such file");
    }
    try {
      InputStream in = Files.newInputStream(file);
      return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_DATA, file, e);
    }
  }
}
