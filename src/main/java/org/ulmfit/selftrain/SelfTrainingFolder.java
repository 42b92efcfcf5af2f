package org.ulmfit.selftrain;

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
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.Checksums;
import org.ulmfit.io.FolderLock;
import org.ulmfit.io.StrictJson;

/**
 * The folder of self-training:
 *
 * <pre>
 * begun.json                       what it was begun with
 * rows/                            the rows with labels, see RowFiles; unlabelled.jsonl
 * round-N/seed-S/                  a run for each seed
 * round-N/ngrams[-FOLD]/           runs of the n-gram models that are asked, too, of all rows and without
 *                                  each fold of the texts
 * round-N/train.jsonl taken.jsonl  what it is trained on; what of that another round answered
 * round-N/agreement.json           for how many texts both models had one answer
 * round-N/round.json               what came of it
 * classifier/                      the models of the last round, as one
 * report.md report.html selftrain.json
 * </pre>
 */
record SelfTrainingFolder(Path path) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BEGUN = "begun.json";
  private static final String NEXT = ".rows.next";
  private static final String REMEDY = "start again with --overwrite";
  private static final Set<String> NOT_ITS_CONTENT = Set.of(FolderLock.NAME, NEXT);

  /** What has to be the same for a run to go on. */
  record Begun(
      String recipe,
      String encoder,
      String teacher,
      List<Double> takes,
      List<Long> seeds,
      String rows) {
    private boolean isWhole() {
      return rows != null
          && recipe != null
          && encoder != null
          && teacher != null
          && takes != null
          && seeds != null;
    }
  }

  /**
   * Looks at the folder; changes nothing.
   *
   * @throws UlmfitException (usage) if what it holds must not be touched
   */
  static SelfTrainingFolder look(SelfTrainingJob job) {
    Path path = job.out();
    if (job.resume() && job.overwrite()) {
      throw UlmfitException.usage("--resume and --overwrite exclude each other; give one");
    }
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw UlmfitException.usage(path + ": is a file; give a folder for the rounds");
    }
    SelfTrainingFolder folder = new SelfTrainingFolder(path);
    boolean filled = !folder.entries().isEmpty();
    if (filled && !job.resume() && !job.overwrite()) {
      throw UlmfitException.usage(
          path
              + ": is not empty; go on with --resume, replace with --overwrite, or give another"
              + " --out");
    }
    if (filled && !Files.exists(path.resolve(BEGUN))) {
      throw UlmfitException.usage(
          path + ": holds other files than rounds of self-training; give another --out");
    }
    return folder;
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

  FolderLock lock() {
    try {
      Files.createDirectories(path);
      return FolderLock.take(path, "self-training");
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(path, e);
    }
  }

  /**
   * Begins, or goes on with what was begun.
   *
   * @throws UlmfitException (usage) if that was something else
   */
  void begin(Begun asked, boolean overwrite) {
    try {
      if (overwrite) {
        for (Path entry : entries()) {
          if (!entry.endsWith(BEGUN)) { // the last to go: by it the folder is known
            AtomicFiles.deleteTree(entry);
          }
        }
        Files.deleteIfExists(path.resolve(BEGUN));
      }
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(path, e);
    }
    Path file = path.resolve(BEGUN);
    if (Files.exists(file)) {
      Begun found = StrictJson.read(file, Begun.class, UlmfitException.Kind.BAD_DATA, REMEDY);
      if (!found.isWhole() || !found.equals(asked)) {
        throw UlmfitException.usage(
            path
                + ": was begun with other rows or texts, another recipe, encoder, teacher, shares or seeds; repeat the"
                + " first command unchanged with --resume, or "
                + REMEDY);
      }
      return;
    }
    write(file, asked);
  }

  /** Where rows are written before it is known whether they are to stay. */
  Path next() {
    return path.resolve(NEXT);
  }

  Path rows() {
    return path.resolve("rows");
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
    if (Files.isDirectory(path) && entries().isEmpty()) {
      try {
        AtomicFiles.deleteTree(path);
      } catch (IOException e) {
        // an empty folder does no harm
      }
    }
  }

  /** Refuses an input that lies in a folder that is to be replaced. */
  void checkOutside(@Nullable Path input, String what) {
    try {
      boolean inside =
          input != null && Files.exists(path) && input.toRealPath().startsWith(path.toRealPath());
      if (inside) {
        throw UlmfitException.usage(
            "%s: this %s lies in the folder that --overwrite replaces; give another --out"
                .formatted(input, what));
      }
    } catch (IOException e) {
      // an input that is not there is refused by its reader
    }
  }

  /** What the rows that are to be taken are known by. */
  String sumOfNext() {
    try (Stream<Path> files = Files.list(next())) {
      StringBuilder sums = new StringBuilder();
      for (Path file : files.sorted().toList()) {
        sums.append(file.getFileName()).append(' ').append(Checksums.sha256(file)).append(' ');
      }
      return sums.toString().strip();
    } catch (IOException e) {
      throw UlmfitException.cannotRead(next(), e);
    }
  }

  /** Takes the rows that were written aside, which are those it was begun with. */
  void takeRows() {
    try {
      AtomicFiles.deleteTree(rows());
      Files.move(next(), rows(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(rows(), e);
    }
  }

  Path round(int number) {
    return path.resolve("round-" + number);
  }

  Path run(int round, long seed) {
    return round(round).resolve("seed-" + seed);
  }

  /**
   * Run of n-grams.
   *
   * @param fold that it does not learn of; 0 = it learns of all
   */
  Path ngrams(int round, int fold) {
    return round(round).resolve(fold == 0 ? "ngrams" : "ngrams-" + fold);
  }

  /** Rows without those of a fold. */
  Path fold(int round, int fold) {
    return round(round).resolve("train-without-" + fold + ".jsonl");
  }

  Path training(int round) {
    return round(round).resolve("train.jsonl");
  }

  /** Makes the folder of a round, if it is not there. */
  void make(int round) {
    try {
      Files.createDirectories(round(round));
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(round(round), e);
    }
  }

  Path taken(int round) {
    return round(round).resolve("taken.jsonl");
  }

  Path classifier() {
    return path.resolve("classifier");
  }

  /** For what share of all texts two models had one answer before a round. */
  private record Agreement(double agreed) {}

  void writeAgreement(int round, double agreed) {
    write(agreementFile(round), new Agreement(agreed));
  }

  /** Null: no second model was asked. */
  @Nullable Double agreement(int round) {
    Path file = agreementFile(round);
    return Files.exists(file)
        ? (Double)
            StrictJson.read(file, Agreement.class, UlmfitException.Kind.BAD_DATA, REMEDY).agreed()
        : null;
  }

  private Path agreementFile(int round) {
    return round(round).resolve("agreement.json");
  }

  Optional<Round> roundOf(int number) {
    Path file = round(number).resolve("round.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Round round = StrictJson.read(file, Round.class, UlmfitException.Kind.BAD_DATA, REMEDY);
    if (!round.isSound()) {
      throw UlmfitException.badData(file + ": no round of self-training; " + REMEDY);
    }
    return Optional.of(round);
  }

  void write(Round round) {
    write(round(round.number()).resolve("round.json"), round);
  }

  private static void write(Path file, Object value) {
    try {
      Files.createDirectories(file.getParent());
      AtomicFiles.write(file, JSON.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(file, e);
    }
  }
}
