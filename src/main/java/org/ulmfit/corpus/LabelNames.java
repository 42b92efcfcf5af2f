package org.ulmfit.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;

/**
 * A file of the names that labels are indices of, from 0.
 *
 * <pre>
 * admiration
 * amusement
 * </pre>
 */
final class LabelNames {
  private static final long MAX_BYTES = 1 << 22;

  private LabelNames() {}

  /**
   * The names, in the order of the file.
   *
   * @param separator between the labels of a cell, which no name may hold; null: none
   * @throws UlmfitException (bad data) if there are none, or one is blank, stands twice or holds
   *     the separator
   */
  static List<String> read(Path file, @Nullable String separator) {
    List<String> names = new ArrayList<>();
    Map<String, Integer> lines = new HashMap<>();
    for (String line : (Iterable<String>) text(file).stripTrailing().lines()::iterator) {
      String name = line.strip();
      String where = file + ": row " + (names.size() + 1) + ": ";
      if (name.isEmpty()) {
        throw UlmfitException.badData(where + "no name; write one in each line");
      }
      Integer before = lines.put(name, names.size() + 1);
      if (before != null) {
        throw UlmfitException.badData(
            where
                + "the name \""
                + Shown.name(name)
                + "\" stands in row "
                + before
                + " too; give each label a name of its own");
      }
      if (separator != null && !separator.isBlank() && name.contains(separator)) {
        throw UlmfitException.badData(
            where
                + "the name \""
                + Shown.name(name)
                + "\" holds the separator \""
                + separator
                + "\" of labels; write the name without it");
      }
      names.add(name);
    }
    return names;
  }

  /** Not of the corpus's encoding, which an option may name. */
  private static String text(Path file, byte[] bytes) {
    try {
      return StrictReader.decode(bytes, null, file.toString());
    } catch (UlmfitException e) {
      throw UlmfitException.badData(file + ": not UTF-8; save it as UTF-8");
    }
  }

  private static String text(Path file) {
    try {
      if (Files.isRegularFile(file) && Files.size(file) > MAX_BYTES) {
        throw UlmfitException.badData(
            file + ": longer than 4 MB; give a file with the name of a label in each line");
      }
      String text = text(file, Files.readAllBytes(file));
      if (text.isBlank()) {
        throw UlmfitException.badData(file + ": empty; write the name of a label in each line");
      }
      return text;
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_DATA, file, e);
    }
  }
}
