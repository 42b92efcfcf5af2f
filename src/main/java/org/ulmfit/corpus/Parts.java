package org.ulmfit.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;

/**
 * A table in several files, as Spark and other engines write it: a folder of {@code part-*}, each
 * with rows of the same layout, in the order of their names. What begins with a dot or an
 * underscore ({@code _SUCCESS}) is none of it.
 */
public final class Parts {
  private static final String PART = "part-";

  private Parts() {}

  /**
   * The files of such a folder; none if it is another folder, or none at all.
   *
   * @throws UlmfitException (bad data) if it cannot be read, or holds other files too
   */
  public static List<Path> of(Path dir) {
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(dir)) {
      List<Path> shown = entries.filter(entry -> !name(entry).matches("[._].*")).sorted().toList();
      List<Path> parts =
          shown.stream()
              .filter(entry -> name(entry).startsWith(PART) && Files.isRegularFile(entry))
              .toList();
      if (!parts.isEmpty() && parts.size() < shown.size()) {
        Path other =
            shown.stream().filter(entry -> !parts.contains(entry)).findFirst().orElseThrow();
        throw UlmfitException.badData(
            Shown.format(
                "%s: holds %s beside files of rows (part-*); move it away",
                dir, other.getFileName()));
      }
      return parts;
    } catch (IOException e) {
      throw UlmfitException.badData(dir + ": cannot be read: " + UlmfitException.reason(e));
    }
  }

  /** The first that has something in it, by which all are known; the first, if none has. */
  public static Path telling(List<Path> parts) {
    return parts.stream()
        .filter(part -> !Source.of(part).isEmpty())
        .findFirst()
        .orElse(parts.get(0));
  }

  private static String name(Path entry) {
    return String.valueOf(entry.getFileName());
  }
}
