package org.ulmfit.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;

/**
 * How a saved model reads texts when it is measured: what its figures depend on beside its weights,
 * if only in small.
 *
 * @param standardise how a corpus is standardised
 * @param precision in which arithmetic, unless asked for another: {@code auto | fp32 | bf16}
 * @param batchSize a language model's parallel streams; a classifier's rows at most (lesson layout)
 * @param bptt tokens of each stream in a batch; null for a classifier
 * @param window a language model's windows: {@code fixed}, or those of the lesson's library
 * @param maxBatchTokens a classifier's tokens in a batch at most (lesson layout)
 * @param order in which a classifier reads (lesson layout): {@code ascending | descending} lengths
 * @param seed of windows that are drawn; null where none are
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Reading(
    String standardise,
    String precision,
    int batchSize,
    @Nullable Integer bptt,
    @Nullable String window,
    @Nullable Integer maxBatchTokens,
    @Nullable String order,
    @Nullable Long seed) {

  private static final Set<String> PRECISIONS = Set.of("auto", "fp32", "bf16");
  private static final Set<String> WINDOWS =
      Set.of("fixed", "randomised-2018-03", "randomised-2018-06");

  /** As a recipe measures. */
  public static Reading of(Recipe recipe, String kind) {
    String standardise = Recipes.word(recipe.corpus().standardise());
    String precision = recipe.precision().name().toLowerCase(Locale.ROOT);
    if (kind.equals("classifier")) {
      Recipe.Classifier c = recipe.classifier();
      return new Reading(
          standardise,
          precision,
          c.evalBatchSize(),
          null,
          null,
          c.maxBatchTokens(),
          c.sampler().validatesAscending() ? "ascending" : "descending",
          null);
    }
    boolean lesson = recipe.corpus().standardise() == Recipe.Standardise.LESSON;
    boolean random = lesson && recipe.lm().window() == Recipe.Window.RANDOMISED;
    String window = random ? "randomised-" + Recipes.word(recipe.lesson().library()) : "fixed";
    return new Reading(
        standardise,
        precision,
        recipe.lm().batchSize(),
        recipe.lm().bptt(),
        window,
        null,
        null,
        random ? recipe.seed() : null);
  }

  boolean isSound() {
    return standardise != null
        && PRECISIONS.contains(precision)
        && ModelConfig.within(batchSize)
        && (window == null || WINDOWS.contains(window))
        && (maxBatchTokens == null || maxBatchTokens >= 0)
        && (order == null || order.equals("ascending") || order.equals("descending"));
  }
}
