package org.ulmfit.selftrain;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;

/**
 * What self-training is to do.
 *
 * @param corpus rows with labels, and rows to test on if it has such
 * @param limit of its rows per split, 0 = all
 * @param unlabelled texts to learn from; labels that it has are not learned, only told of
 * @param encoder model folder or run that each round starts from
 * @param teacher classifier whose answers the first round learns from in place of its own; null:
 *     none
 * @param recipe of every training
 * @param takes share of the texts that each round takes, above 0 and up to 1
 * @param seeds of the trainings of a round, whose answers are averaged
 * @param out the folder of rounds and model
 * @param device {@code auto | cpu | cuda:N}
 * @param command that makes it; null: a program does
 */
public record SelfTrainingJob(
    Corpus corpus,
    int limit,
    Corpus unlabelled,
    Path encoder,
    @Nullable Path teacher,
    Recipe recipe,
    List<Double> takes,
    List<Long> seeds,
    Path out,
    String device,
    boolean resume,
    boolean overwrite,
    @Nullable String command) {
  public SelfTrainingJob {
    takes = List.copyOf(takes);
    seeds = List.copyOf(seeds);
  }

  /**
   * The shares of rounds of which nothing more is said: half of the texts in the last, half as many
   * in each before it. A teacher's first round takes all.
   */
  public static List<Double> takes(int rounds, boolean teacher) {
    Double[] takes = new Double[rounds];
    for (int round = 0; round < rounds; round++) {
      takes[round] = teacher && round == 0 ? 1 : Math.pow(.5, rounds - round);
    }
    return List.of(takes);
  }
}
