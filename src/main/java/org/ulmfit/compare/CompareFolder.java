package org.ulmfit.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.FolderLock;
import org.ulmfit.io.StrictJson;

/**
 * The folder of a comparison:
 *
 * <pre>
 * rows[/sSEED]/       the rows, see RowFiles
 * FAMILY[-N][-sSEED]/ a run of each contestant; stack[-N][-sSEED]/ the ensemble of these
 * answers/            of each contestant to its training rows, held out fold by fold
 * measured/           what each run cost and answers, what was searched, the time spent
 * part/               runs of folds and of searches, while they are needed
 * compare.md, compare.html, compare.json
 * </pre>
 */
record CompareFolder(Path path) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROWS = "rows";
  private static final String NEXT = ".rows.next";
  private static final Set<String> NOT_ITS_CONTENT = Set.of(NEXT, FolderLock.NAME);
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
   * @throws UlmfitException (usage) if another comparison is writing there
   */
  FolderLock lock() {
    try {
      Files.createDirectories(path);
      return FolderLock.take(path, "comparison");
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(path, e);
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

  /** Vectors that the runs of a sentence encoder share. */
  Path vectors() {
    return path.resolve("measured").resolve("embeddings.bin");
  }

  /** Where rows are written before it is known whether they are to stay. */
  Path next() {
    return path.resolve(NEXT);
  }

  Path rows() {
    return path.resolve(ROWS);
  }

  Path run(Contestant contestant) {
    return contestant.part().isEmpty()
        ? path.resolve(contestant.name())
        : path.resolve("part").resolve(contestant.name());
  }

  /** The model of a contestant's run. */
  Path model(Contestant contestant) {
    return run(contestant).resolve("classifier");
  }

  /** What a contestant says of its training rows, or of those of a fold. */
  Path heldOut(Contestant contestant) {
    return path.resolve("answers").resolve(contestant.name() + ".jsonl");
  }

  private Path cost(Contestant contestant) {
    return measured(contestant.name() + ".cost.json");
  }

  private Path answers(Contestant contestant) {
    return measured(contestant.name() + ".answers.json");
  }

  private Path search(Contestant contestant) {
    return measured(contestant.name() + ".search.json");
  }

  private Path measured(String file) {
    return path.resolve("measured").resolve(file);
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
      Files.createDirectories(path.resolve("answers"));
      Files.createDirectories(path.resolve("part"));
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
        Files.deleteIfExists(path.resolve(FolderLock.NAME));
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

  Optional<Search> searchOf(Contestant contestant) {
    return read(search(contestant), Search.class);
  }

  void write(Contestant contestant, Search search) {
    write(search(contestant), search);
  }

  /** Seconds of all starts so far. */
  double spent() {
    return read(measured("spent.json"), Spent.class).orElse(new Spent(0)).seconds();
  }

  void writeSpent(double seconds) {
    write(measured("spent.json"), new Spent(seconds));
  }

  private record Spent(double seconds) {}

  /** Makes an attempt's run the contestant's own. */
  void take(Contestant attempt, Contestant contestant) {
    try {
      if (Files.isDirectory(run(attempt))) {
        forget(contestant);
        AtomicFiles.deleteTree(run(contestant));
        write(contestant, costOf(attempt));
        Files.move(run(attempt), run(contestant), StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(run(contestant), e);
    }
  }

  /** Removes a run that is not needed any more; what it cost stays known. */
  void drop(Contestant part) {
    try {
      AtomicFiles.deleteTree(run(part));
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(run(part), e);
    }
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
