package org.ulmfit.classifier;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.prepare.PreparedClassifier;

/**
 * How much the rows of a class count in training. {@code balanced}: inversely to the number of its
 * rows, so that all classes count alike. {@code effective}: inversely to its effective number of
 * rows, {@code (1 - b^n) / (1 - b)}, b = 0.999, which grows no more once there are some thousand:
 * Cui et al. 2019, Class-Balanced Loss. A class without rows has what one row would give it.
 */
final class ClassWeights {

  private static final double OVERLAP = 0.999; // Cui et al.'s beta

  private ClassWeights() {}

  /**
   * Weights of the classes where a row has one.
   *
   * @param counts rows of each class
   * @return (classes); balanced: rows / (classes × count), as scikit-learn's; effective: their mean
   *     is 1
   */
  static float[] single(Recipe.ClassWeights kind, long[] counts, long rows) {
    float[] weights = new float[counts.length];
    double sum = 0;
    for (long count : counts) {
      sum += 1 / size(kind, count);
    }
    for (int c = 0; c < weights.length; c++) {
      double scale =
          kind == Recipe.ClassWeights.BALANCED ? rows : counts.length * counts.length / sum;
      weights[c] = (float) (scale / (counts.length * size(kind, counts[c])));
    }
    return weights;
  }

  /**
   * Weights of the rows that have a class, where a row has any number: those without it over those
   * with it.
   *
   * @return (classes); all 1 for {@code none}
   */
  static float[] positive(Recipe.ClassWeights kind, long[] counts, long rows) {
    float[] weights = new float[counts.length];
    for (int c = 0; c < weights.length; c++) {
      weights[c] = (float) (size(kind, rows - counts[c]) / size(kind, counts[c]));
    }
    return weights;
  }

  /**
   * Weights (classes) as a recipe has them, of the training rows.
   *
   * @return null: all count alike
   */
  static float @Nullable [] of(Recipe recipe, PreparedClassifier data) {
    Recipe.ClassWeights kind = recipe.classifier().classWeights();
    if (kind == Recipe.ClassWeights.NONE) {
      return null;
    }
    long[] counts = data.train().labelCounts(data.labels().size());
    int rows = data.train().size();
    return data.labelling() == Labelling.SINGLE
        ? single(kind, counts, rows)
        : positive(kind, counts, rows);
  }

  /** What is told of them: nothing where all count alike. */
  static List<String> told(Recipe recipe, PreparedClassifier data) {
    float[] weights = of(recipe, data);
    return weights == null
        ? List.of()
        : List.of(describe(recipe.classifier().classWeights(), weights, data.labels()));
  }

  /** The least and the greatest weight, in a line. */
  private static String describe(Recipe.ClassWeights kind, float[] weights, List<String> labels) {
    int least = 0;
    int most = 0;
    for (int c = 0; c < weights.length; c++) {
      least = weights[c] < weights[least] ? c : least;
      most = weights[c] > weights[most] ? c : most;
    }
    return Shown.format(
        "class weights, %s: %.3g (%s) to %.3g (%s)",
        Recipes.word(kind),
        weights[least],
        Shown.name(labels.get(least)),
        weights[most],
        Shown.name(labels.get(most)));
  }

  private static double size(Recipe.ClassWeights kind, long count) {
    double n = Math.max(1.0, (double) count);
    return switch (kind) {
      case NONE -> 1;
      case BALANCED -> n;
      case EFFECTIVE -> (1 - Math.pow(OVERLAP, n)) / (1 - OVERLAP);
    };
  }
}
