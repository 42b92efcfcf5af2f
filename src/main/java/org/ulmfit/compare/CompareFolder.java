package org.ulmfit.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.run.RunsFolder;

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
  private static final String ROWS = "rows";

  /**
   * Looks at the folder; changes nothing.
   *
   * @throws UlmfitException (usage) if what it holds must not be touched
   */
  static CompareFolder look(CompareJob job) {
    CompareFolder folder = new CompareFolder(job.out());
    folder.shared().look(job.resume(), job.overwrite());
    return folder;
  }

  /** What it has in common with other folders of several runs. */
  RunsFolder shared() {
    return new RunsFolder(path, "comparison", ROWS, true);
  }

  /** Vectors that the runs of a sentence encoder share. */
  Path vectors() {
    return path.resolve("measured").resolve("embeddings.bin");
  }

  /** Where rows are written before it is known whether they are to stay. */
  Path next() {
    return shared().next();
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
    if (overwrite) {
      shared().clear();
    }
    try {
      for (Path file : files(next())) {
        Path target = rows().resolve(next().relativize(file));
        if (Files.exists(target) && Files.mismatch(file, target) >= 0) {
          throw UlmfitException.usage(
              target
                  + ": the rows were others when the comparison was begun; give the same corpus and"
                  + " options, or "
                  + RunsFolder.REMEDY);
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
      shared().discard();
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(path, e);
    }
  }

  private static List<Path> files(Path dir) throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** What a training cost so far. */
  Cost costOf(Contestant contestant) {
    return RunsFolder.read(cost(contestant), Cost.class).orElse(Cost.NONE);
  }

  void write(Contestant contestant, Cost cost) {
    RunsFolder.write(cost(contestant), cost);
  }

  Optional<Measured> answersOf(Contestant contestant) {
    return RunsFolder.read(answers(contestant), Measured.class);
  }

  void write(Contestant contestant, Measured measured) {
    RunsFolder.write(answers(contestant), measured);
  }

  Optional<Search> searchOf(Contestant contestant) {
    return RunsFolder.read(search(contestant), Search.class);
  }

  void write(Contestant contestant, Search search) {
    RunsFolder.write(search(contestant), search);
  }

  /** Seconds of all starts so far. */
  double spent() {
    return RunsFolder.read(measured("spent.json"), Spent.class).orElse(new Spent(0)).seconds();
  }

  void writeSpent(double seconds) {
    RunsFolder.write(measured("spent.json"), new Spent(seconds));
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
