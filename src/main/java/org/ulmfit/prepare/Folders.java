package org.ulmfit.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.ulmfit.UlmfitException;

/** Folders that are made, and files that do not stay. */
final class Folders {
  private Folders() {}

  /** Of a file in a folder of ours. */
  static void createOf(Path file) {
    create(Objects.requireNonNull(file.getParent()));
  }

  static void create(Path dir) {
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      throw UlmfitException.failure(dir + ": cannot be made: " + UlmfitException.reason(e), e);
    }
  }

  /** Deletes now, or at exit where a mapped file cannot be deleted (Windows). */
  static void deleteTemporary(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }
}
