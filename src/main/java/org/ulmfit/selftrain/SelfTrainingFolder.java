package org.ulmfit.selftrain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.Checksums;
import org.ulmfit.run.RunsFolder;

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
  private static final String BEGUN = "begun.json";

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
    SelfTrainingFolder folder = new SelfTrainingFolder(job.out());
    folder.shared().look(job.resume(), job.overwrite());
    return folder;
  }

  /** What it has in common with other folders of several runs. */
  RunsFolder shared() {
    return new RunsFolder(path, "self-training", BEGUN, false);
  }

  /**
   * Begins, or goes on with what was begun.
   *
   * @throws UlmfitException (usage) if that was something else
   */
  void begin(Begun asked, boolean overwrite) {
    if (overwrite) {
      shared().clear();
    }
    Path file = path.resolve(BEGUN);
    Optional<Begun> begun = RunsFolder.read(file, Begun.class);
    if (begun.isPresent()) {
      Begun found = begun.get();
      if (!found.isWhole() || !found.equals(asked)) {
        throw UlmfitException.usage(
            path
                + ": was begun with other rows or texts, another recipe, encoder, teacher, shares or seeds; repeat the"
                + " first command unchanged with --resume, or "
                + RunsFolder.REMEDY);
      }
      return;
    }
    RunsFolder.write(file, asked);
  }

  /** Where rows are written before it is known whether they are to stay. */
  Path next() {
    return shared().next();
  }

  Path rows() {
    return path.resolve("rows");
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
    RunsFolder.write(agreementFile(round), new Agreement(agreed));
  }

  /** Null: no second model was asked. */
  @Nullable Double agreement(int round) {
    return RunsFolder.read(agreementFile(round), Agreement.class)
        .map(Agreement::agreed)
        .orElse(null);
  }

  private Path agreementFile(int round) {
    return round(round).resolve("agreement.json");
  }

  Optional<Round> roundOf(int number) {
    Path file = round(number).resolve("round.json");
    Optional<Round> round = RunsFolder.read(file, Round.class);
    if (round.isPresent() && !round.get().isSound()) {
      throw UlmfitException.badData(file + ": no round of self-training; " + RunsFolder.REMEDY);
    }
    return round;
  }

  void write(Round round) {
    RunsFolder.write(round(round.number()).resolve("round.json"), round);
  }
}
