package org.ulmfit.compare;

import java.nio.file.Path;
import java.util.List;
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
 * @param folds that training rows are cut into for answers to rows held out; 0 = none
 * @param searched keys to try values of, each family those that it reads
 * @param budget seconds that it may take, those of earlier starts counted; null: any
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
    int folds,
    List<Searched> searched,
    @Nullable Double budget,
    Commands commands,
    Path out,
    String device,
    boolean resume,
    boolean overwrite) {

  public CompareJob {
    families = List.copyOf(families);
    counts = List.copyOf(counts);
    seeds = List.copyOf(seeds);
    searched = List.copyOf(searched);
  }

  /**
   * A key of the recipes, and the values to try.
   *
   * @param values in the order in which they are tried
   */
  public record Searched(String key, List<String> values) {
    public Searched {
      values = List.copyOf(values);
    }
  }

  /** The commands that train in full, and the one that compares. */
  public interface Commands {
    /** The comparison's own, as it was given. */
    String comparison();

    /**
     * A family's.
     *
     * @param sets overrides that were chosen for it
     * @param out the run that the last one makes
     */
    List<String> of(Recipe.Family family, List<String> sets, String out);

    /**
     * The one that joins runs by what models of their kind said of rows held out.
     *
     * @param answers a file for each run
     */
    String stack(List<String> runs, List<Path> answers);
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
              : "; where its language model read the test texts, without their labels, it alone gains"
                  + " by that");
    }
  }

  /** The recipes under one seed. */
  public interface Recipes {
    /** Says how the corpus is split. */
    Recipe split(long seed);

    Recipe of(Recipe.Family family, long seed);

    /** Whether an override is of what a family reads. */
    boolean applies(Recipe.Family family, String override);
  }
}
