package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.selftrain.SelfTrainingJob;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Self-training: texts without labels that a classifier labels for itself, round by round. */
final class RoundsMixin {
  private static final int ROUNDS = 3;

  @Option(
      names = "--unlabelled",
      paramLabel = "CORPUS",
      description =
          "Texts to learn from without their labels, round by round: those whose answers are surest,"
              + " first those on which an n-gram model agrees, become rows to train on.")
  private @Nullable Path unlabelled;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      converter = CorpusMixin.Count.class,
      description = "How many rounds of that (default: 3).")
  private @Nullable Integer rounds;

  @Option(
      names = "--take",
      paramLabel = "SHARE",
      split = ",",
      converter = Share.class,
      description =
          "Share of the texts that each round takes (default: half of them in the last, half as many"
              + " in each before it; of a teacher all in the first).")
  private @Nullable List<Double> takes;

  @Option(
      names = "--teacher",
      paramLabel = "MODEL",
      description =
          "A classifier of any family, or an ensemble, whose answers the first round learns from in"
              + " place of its own.")
  private @Nullable Path teacher;

  @Option(
      names = "--seeds",
      paramLabel = "SEED",
      split = ",",
      description =
          "Models of each round, whose answers are averaged (default: the recipe's seed).")
  private @Nullable List<Long> seeds;

  /** Whether there are rounds. */
  boolean asked() {
    if (unlabelled != null) {
      return true;
    }
    String given =
        rounds != null
            ? "--rounds"
            : takes != null
                ? "--take"
                : teacher != null ? "--teacher" : seeds != null ? "--seeds" : null;
    if (given != null) {
      throw UlmfitException.usage(
          given
              + ": there are rounds only with texts to label: add --unlabelled CORPUS, or leave it out");
    }
    return false;
  }

  Path unlabelled() {
    if (unlabelled == null) {
      throw new IllegalStateException("no rounds were asked for");
    }
    return unlabelled;
  }

  @Nullable Path teacher() {
    return teacher;
  }

  List<Double> takes() {
    if (takes == null) {
      return SelfTrainingJob.takes(rounds == null ? ROUNDS : rounds, teacher != null);
    }
    if (rounds != null && rounds != takes.size()) {
      throw UlmfitException.usage(
          Shown.format(
              "--take: %d shares for --rounds %d; give one for each", takes.size(), rounds));
    }
    return takes;
  }

  /**
   * @param own of the recipe, if none are given
   */
  List<Long> seeds(long own) {
    return seeds == null ? List.of(own) : seeds.stream().distinct().toList();
  }

  /** A share above 0 and up to 1. */
  static final class Share implements ITypeConverter<Double> {
    @Override
    public Double convert(String given) {
      try {
        double share = Double.parseDouble(given);
        if (share > 0 && share <= 1) {
          return share;
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw new TypeConversionException("'" + given + "' is not a share above 0 and up to 1");
    }
  }
}
