package org.ulmfit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ulmfit.UlmfitException;

/** Files that a command writes into a folder of the user's, which may hold others. */
final class OutFiles {
  private OutFiles() {}

  /**
   * Refuses to replace a file that nobody said may be replaced.
   *
   * @param option that named the folder
   */
  static void check(Path dir, List<String> names, boolean overwrite, String option) {
    for (String name : names) {
      if (!overwrite && Files.exists(dir.resolve(name))) {
        throw UlmfitException.usage(
            "%s: is there; replace it with --overwrite, or give another %s"
                .formatted(dir.resolve(name), option));
      }
    }
  }

  /**
   * Makes the folder where it is not there.
   *
   * @throws UlmfitException (failure) if it cannot be made
   */
  static void make(Path dir) {
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(dir, e);
    }
  }
}
