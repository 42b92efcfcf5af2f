package org.ulmfit.compare;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;

/**
 * What is compared.
 *
 * @param corpus raw
 * @param limit rows per split at most, every class kept; 0 = all
 * @param families as they are to be listed
 * @param start what awd-lstm starts from; null: it is not compared
 * @param counts how many training rows, in turn; 0 = all
 * @param seeds of the splits, the subsets and the trainings; one at least
 * @param named whether the names of runs tell their seed
 * @param recipes of each family
 * @param commands that train a family on all rows
 * @param out folder of the comparison
 * @param device {@code auto | cpu | cuda:N}
 * @param resume whether it goes on with the runs that OUT holds
 * @param overwrite whether it may replace a comparison
 */
public record CompareJob(
    Corpus corpus,
    int limit,
    List<Recipe.Family> families,
    @Nullable Start start,
    List<Integer> counts,
    List<Long> seeds,
    boolean named,
    Recipes recipes,
    Function<Recipe.Family, List<String>> commands,
    Path out,
    String device,
    boolean resume,
    boolean overwrite) {

  public CompareJob {
    families = List.copyOf(families);
    counts = List.copyOf(counts);
    seeds = List.copyOf(seeds);
  }

  /**
   * A model to start from.
   *
   * @param encoder model folder or run that holds one
   * @param shipped whether it is the one that comes with ulmfit, which has not seen the texts
   */
  public record Start(Path encoder, boolean shipped) {
    /** As reports tell it. */
    public String line() {
      return "awd-lstm starts from "
          + encoder
          + (shipped
              ? " as it comes with ulmfit; one fine-tuned on these texts by lm-finetune does better"
              : "");
    }
  }

  /** The recipes under one seed. */
  public interface Recipes {
    /** Says how the corpus is split. */
    Recipe split(long seed);

    Recipe of(Recipe.Family family, long seed);
  }
}
