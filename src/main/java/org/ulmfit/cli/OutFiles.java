package org.ulmfit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;

/** Files that a command writes into a folder of the user's, which may hold others. */
final class OutFiles {
  private OutFiles() {}

  /**
   * Refuses to replace a file that nobody said may be replaced, and to replace nothing.
   *
   * @param dir null: no file is written
   * @param option that named the folder, or would have
   */
  static void check(@Nullable Path dir, List<String> names, boolean overwrite, String option) {
    if (dir == null) {
      if (overwrite) {
        throw UlmfitException.usage(
            Shown.format(
                "--overwrite: no file is written without %s DIR; add it, or leave --overwrite out",
                option));
      }
      return;
    }
    for (String name : names) {
      if (!overwrite && Files.exists(dir.resolve(name))) {
        throw UlmfitException.usage(
            Shown.format(
                "%s: is there; replace it with --overwrite, or give another %s",
                dir.resolve(name), option));
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
