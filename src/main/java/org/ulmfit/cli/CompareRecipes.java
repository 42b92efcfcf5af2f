package org.ulmfit.cli;

import java.util.ArrayList;
import java.util.List;
import org.ulmfit.compare.CompareJob;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;

/**
 * The recipe options are awd-lstm's; another family has the recipe of its name, with those of --set
 * that are not of networks alone.
 */
record CompareRecipes(RecipeMixin options) implements CompareJob.Recipes {
  private static final List<String> OF_NETWORKS =
      List.of("model.", "lm.", "remap.", "classifier.stages", "classifier.optimizer");

  @Override
  public Recipe split(long seed) {
    return options.recipe(List.of("seed=" + seed));
  }

  @Override
  public Recipe of(Recipe.Family family, long seed) {
    String name = Recipes.word(family);
    List<String> last = List.of("classifier.family=" + name, "seed=" + seed);
    if (family == Recipe.Family.AWD_LSTM) {
      return options.recipe(last);
    }
    List<String> all = new ArrayList<>(options.all());
    all.removeIf(CompareRecipes::isOfNetworks);
    all.addAll(last);
    return Recipes.shipped(name, all);
  }

  /** Whether an override is of a key that only networks have. */
  static boolean isOfNetworks(String override) {
    return OF_NETWORKS.stream().anyMatch(override::startsWith);
  }
}
