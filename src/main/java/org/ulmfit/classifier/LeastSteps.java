package org.ulmfit.classifier;

import java.util.ArrayList;
import java.util.List;
import org.ulmfit.Shown;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;

/**
 * What becomes of a recipe where there are so few rows that its phases would take next to no steps:
 * batches are halved, down to sixteen rows, and then epochs are more.
 */
public final class LeastSteps {
  private static final int LEAST_ROWS = 16;

  private LeastSteps() {}

  /** The recipe for so many training rows. */
  public static Recipe of(Recipe recipe, int rows) {
    Recipe.Classifier c = recipe.classifier();
    int batch = c.batchSize();
    while (batch / 2 >= LEAST_ROWS && shortest(c, rows, batch) < c.minSteps()) {
      batch /= 2;
    }
    List<String> changes = new ArrayList<>();
    if (batch != c.batchSize()) {
      changes.add("classifier.batchSize=" + batch);
    }
    int each = steps(rows, batch);
    for (int p = 0; p < c.stages().size(); p++) {
      if (asked(c.stages().get(p)) * each < c.minSteps()) {
        double epochs = Math.ceil((double) c.minSteps() / each);
        changes.add("classifier.stages." + p + ".epochs=" + epochs);
      }
    }
    return Recipes.with(recipe, changes);
  }

  private static double shortest(Recipe.Classifier c, int rows, int batch) {
    return c.stages().stream().mapToDouble(LeastSteps::asked).min().orElse(0) * steps(rows, batch);
  }

  /** Part of an epoch was asked for, however many rows there are: that says nothing of them. */
  private static double asked(Recipe.Phase phase) {
    return Math.max(1, phase.epochs());
  }

  private static int steps(int rows, int batch) {
    return Math.max(1, (rows + batch - 1) / batch);
  }

  /** A line if the recipe was changed. */
  static List<String> told(Recipe.Classifier asked, Recipe.Classifier settled) {
    boolean same =
        asked.batchSize() == settled.batchSize() && asked.stages().equals(settled.stages());
    return same
        ? List.of()
        : List.of(
            Shown.format(
                "few rows: batches of %d and %s epochs, so that a phase has %d steps or more"
                    + " (classifier.minSteps)",
                settled.batchSize(),
                String.join(
                    " + ",
                    settled.stages().stream()
                        .map(phase -> Shown.format("%.3g", phase.epochs()))
                        .toList()),
                settled.minSteps()));
  }
}
