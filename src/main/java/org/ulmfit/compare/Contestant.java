package org.ulmfit.compare;

import org.jspecify.annotations.Nullable;
import org.ulmfit.classifier.Family;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;

/**
 * One family, trained on so many rows under one seed.
 *
 * @param kind its family; null: the stack of all others
 * @param count training rows that were asked for; 0 = all
 * @param named whether its name tells the seed
 * @param part of the work on it that this is: empty = the model itself
 */
record Contestant(Recipe.@Nullable Family kind, int count, long seed, boolean named, String part) {
  private static final String STACK = "stack";

  static Contestant of(Recipe.Family kind, int count, long seed, boolean named) {
    return new Contestant(kind, count, seed, named, "");
  }

  /** The stack of those with the same rows. */
  Contestant stack() {
    return new Contestant(null, count, seed, named, "");
  }

  /**
   * Its model for the rows of a fold.
   *
   * @param number from 1
   */
  Contestant fold(int number) {
    return new Contestant(kind, count, seed, named, "-fold" + number);
  }

  /**
   * A model of it with other values.
   *
   * @param number from 1
   */
  Contestant attempt(int number) {
    return new Contestant(kind, count, seed, named, "-try" + number);
  }

  Family family() {
    if (kind == null) {
      throw new IllegalStateException("a stack is of several families");
    }
    return Family.of(kind);
  }

  String familyName() {
    return kind == null ? STACK : Recipes.word(kind);
  }

  /** {@code FAMILY[-N][-sSEED]}, then its part: its run. */
  String name() {
    return familyName() + (count == 0 ? "" : "-" + count) + (named ? "-s" + seed : "") + part;
  }

  /** {@code 100}, or {@code all}. */
  String labels() {
    return count == 0 ? "all" : Integer.toString(count);
  }
}
