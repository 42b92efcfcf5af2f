package org.ulmfit.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.FolderLock;
import org.ulmfit.io.StrictJson;

/**
 * A folder in which work of several runs goes on: what may be done with what it holds, its lock,
 * and the place where rows wait until it is known whether they are to stay.
 *
 * @param work in it, in words: {@code comparison}
 * @param marker by which it is known
 * @param folder whether that is a folder; else it is a file
 */
public record RunsFolder(Path path, String work, String marker, boolean folder) {
  public static final String REMEDY = "start again with --overwrite";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NEXT = ".rows.next";
  private static final Set<String> NOT_ITS_CONTENT = Set.of(NEXT, FolderLock.NAME);

  /**
   * Looks at the folder; changes nothing.
   *
   * @throws UlmfitException (usage) if what it holds must not be touched
   */
  public void look(boolean resume, boolean overwrite) {
    if (resume && overwrite) {
      throw UlmfitException.usage("--resume and --overwrite exclude each other; give one");
    }
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw UlmfitException.usage(path + ": is a file; give a folder for the " + work);
    }
    boolean filled = !entries().isEmpty();
    if (filled && !resume && !overwrite) {
      throw UlmfitException.usage(
          path
              + ": is not empty; go on with --resume, replace with --overwrite, or give another"
              + " --out");
    }
    Path mark = path.resolve(marker);
    if (filled && !(folder ? Files.isDirectory(mark) : Files.isRegularFile(mark))) {
      throw UlmfitException.usage(
          path + ": holds other files than a " + work + "; give another --out");
    }
  }

  private List<Path> entries() {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries
          .filter(entry -> !NOT_ITS_CONTENT.contains(entry.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw UlmfitException.cannotRead(path, e);
    }
  }

  /**
   * Takes the folder for oneself, which is made if it is not there.
   *
   * @throws UlmfitException (usage) if another process is writing there
   */
  public FolderLock lock() {
    try {
      Files.createDirectories(path);
      return FolderLock.take(path, work);
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(path, e);
    }
  }

  /** Refuses an input that lies in a folder that is to be replaced. */
  public void checkOutside(@Nullable Path input, String what) {
    try {
      boolean inside =
          input != null && Files.exists(path) && input.toRealPath().startsWith(path.toRealPath());
      if (inside) {
        throw UlmfitException.usage(
            Shown.format(
                "%s: this %s lies in the folder that --overwrite replaces; give another --out",
                input, what));
      }
    } catch (IOException e) {
      // an input that is not there is refused by its reader
    }
  }

  /** Removes what it holds, the marker last: by it the folder is known. */
  public void clear() {
    try {
      for (Path entry : entries()) {
        if (!entry.endsWith(marker)) {
          AtomicFiles.deleteTree(entry);
        }
      }
      AtomicFiles.deleteTree(path.resolve(marker));
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(path, e);
    }
  }

  /** Removes the folder if nothing is in it: nothing came of it. */
  public void removeEmpty() {
    if (entries().isEmpty() && Files.isDirectory(path)) {
      try {
        Files.deleteIfExists(path.resolve(FolderLock.NAME));
        Files.delete(path);
      } catch (IOException e) {
        // an empty folder does no harm
      }
    }
  }

  /** Where rows are written before it is known whether they are to stay. */
  public Path next() {
    return path.resolve(NEXT);
  }

  /** Removes rows that are not to stay. */
  public void discard() {
    try {
      AtomicFiles.deleteTree(next());
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(next(), e);
    }
  }

  /** A record that was written here; empty: it was not. */
  public static <T> Optional<T> read(Path file, Class<T> type) {
    return Files.exists(file)
        ? Optional.of(StrictJson.read(file, type, UlmfitException.Kind.BAD_DATA, REMEDY))
        : Optional.empty();
  }

  /** Writes a record aside and renames it. */
  public static void write(Path file, Object value) {
    try {
      AtomicFiles.write(file, JSON.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
