package org.ulmfit.compare;

import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;

/**
 * One family, trained on so many rows under one seed.
 *
 * @param count training rows that were asked for; 0 = all
 * @param named whether its name tells the seed
 */
record Contestant(Recipe.Family family, int count, long seed, boolean named) {

  String familyName() {
    return Recipes.word(family);
  }

  /** {@code FAMILY[-N][-sSEED]}: its run. */
  String name() {
    return familyName() + (count == 0 ? "" : "-" + count) + (named ? "-s" + seed : "");
  }

  /** {@code 100}, or {@code all}. */
  String labels() {
    return count == 0 ? "all" : Integer.toString(count);
  }
}
