package org.ulmfit.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.StrictJson;

/**
 * The folder of a comparison:
 *
 * <pre>
 * rows[/sSEED]/       the rows, see RowFiles
 * FAMILY[-N][-sSEED]/ a run of each contestant
 * measured/           what each run cost and answers
 * compare.md, compare.json
 * </pre>
 */
record CompareFolder(Path path) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROWS = "rows";
  private static final String NEXT = ".rows.next";
  private static final String REMEDY = "start again with --overwrite";

  /**
   * Looks at the folder; changes nothing.
   *
   * @throws UlmfitException (usage) if what it holds must not be touched
   */
  static CompareFolder look(CompareJob job) {
    Path path = job.out();
    if (job.resume() && job.overwrite()) {
      throw UlmfitException.usage("--resume and --overwrite exclude each other; give one");
    }
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw UlmfitException.usage(path + ": is a file; give a folder for the comparison");
    }
    boolean filled = !entries(path).isEmpty();
    if (filled && !job.resume() && !job.overwrite()) {
      throw UlmfitException.usage(
          path
              + ": is not empty; go on with --resume, replace with --overwrite, or give another"
              + " --out");
    }
    if (filled && !Files.isDirectory(path.resolve(ROWS))) {
      throw UlmfitException.usage(
          path + ": holds other files than a comparison; give another --out");
    }
    return new CompareFolder(path);
  }

  private static List<Path> entries(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.filter(entry -> !entry.endsWith(NEXT)).toList();
    } catch (IOException e) {
      throw UlmfitException.cannotRead(path, e);
    }
  }

  /** Refuses an input that lies in a comparison that is to be replaced. */
  void checkOutside(Path input, String what) {
    try {
      if (Files.exists(path) && input.toRealPath().startsWith(path.toRealPath())) {
        throw UlmfitException.usage(
            "%s: this %s lies in the folder that --overwrite replaces; give another --out"
                .formatted(input, what));
      }
    } catch (IOException e) {
      // an input that is not there is refused by its reader
    }
  }

  /** Where rows are written before it is known whether they are to stay. */
  Path next() {
    return path.resolve(NEXT);
  }

  Path rows() {
    return path.resolve(ROWS);
  }

  Path run(Contestant contestant) {
    return path.resolve(contestant.name());
  }

  private Path cost(Contestant contestant) {
    return path.resolve("measured").resolve(contestant.name() + ".cost.json");
  }

  private Path answers(Contestant contestant) {
    return path.resolve("measured").resolve(contestant.name() + ".answers.json");
  }

  /** Takes rows that were written aside, after what they replace is gone. */
  void begin(boolean overwrite) {
    try {
      for (Path entry : overwrite ? entries(path) : List.<Path>of()) {
        AtomicFiles.deleteTree(entry);
      }
      for (Path file : files(next())) {
        Path target = rows().resolve(next().relativize(file));
        if (Files.exists(target) && Files.mismatch(file, target) >= 0) {
          throw UlmfitException.usage(
              target
                  + ": the rows were others when the comparison was begun; give the same corpus and"
                  + " options, or "
                  + REMEDY);
        }
      }
      for (Path file : files(next())) {
        Path target = rows().resolve(next().relativize(file));
        Files.createDirectories(target.getParent());
        if (!Files.exists(target)) {
          Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        }
      }
      Files.createDirectories(path.resolve("measured"));
      discard();
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(path, e);
    }
  }

  private static List<Path> files(Path dir) throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Removes rows that are not to stay. */
  void discard() {
    try {
      AtomicFiles.deleteTree(next());
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(next(), e);
    }
  }

  /** Removes the folder if nothing is in it: nothing came of it. */
  void removeEmpty() {
    if (entries(path).isEmpty() && Files.isDirectory(path)) {
      try {
        Files.delete(path);
      } catch (IOException e) {
        // an empty folder does no harm
      }
    }
  }

  /** What a training cost so far. */
  Cost costOf(Contestant contestant) {
    return read(cost(contestant), Cost.class).orElse(Cost.NONE);
  }

  void write(Contestant contestant, Cost cost) {
    write(cost(contestant), cost);
  }

  Optional<Measured> answersOf(Contestant contestant) {
    return read(answers(contestant), Measured.class);
  }

  void write(Contestant contestant, Measured measured) {
    write(answers(contestant), measured);
  }

  /** Forgets what is known of a run that is to be made again. */
  void forget(Contestant contestant) {
    try {
      Files.deleteIfExists(cost(contestant));
      Files.deleteIfExists(answers(contestant));
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(path, e);
    }
  }

  private static <T> Optional<T> read(Path file, Class<T> type) {
    return Files.exists(file)
        ? Optional.of(StrictJson.read(file, type, UlmfitException.Kind.BAD_DATA, REMEDY))
        : Optional.empty();
  }

  private static void write(Path file, Object value) {
    try {
      AtomicFiles.write(file, JSON.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Size of everything in a folder. */
  static long bytes(Path dir) {
    try {
      long bytes = 0;
      for (Path file : files(dir)) {
        bytes += Files.size(file);
      }
      return bytes;
    } catch (IOException e) {
      throw UlmfitException.cannotRead(dir, e);
    }
  }
}
