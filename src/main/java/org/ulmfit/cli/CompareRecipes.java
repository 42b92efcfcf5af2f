package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.FamilyKeys;
import org.ulmfit.compare.CompareJob;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;

/**
 * The recipe options of a comparison: {@code --config} is awd-lstm's and says how the corpus is
 * split; another family has the recipe of its name. {@code --set} applies where it is read.
 *
 * @param embedder the sentence encoder of --embedder; null: not given
 */
record CompareRecipes(RecipeMixin options, @Nullable Path embedder) implements CompareJob.Recipes {
  private static final List<String> OF_SPLIT = List.of("seed", "corpus.");
  private static final String FAMILY = "classifier.family";

  /** What a sentence encoder brings. */
  private static final List<String> OF_WORDS =
      List.of("text.rules", "text.tokenizer", "text.normalise", "vocab.");

  private static final Pattern PHASE = Pattern.compile("classifier\\.stages\\.(\\d{1,4})\\.");

  /**
   * Refuses what was given and would not be heeded.
   *
   * @throws UlmfitException (usage) naming the key and what reads it
   */
  void check(List<Recipe.Family> compared) {
    options.recipe(); // an unknown key is refused as one
    for (Recipes.Given one : options.inFile()) {
      if (OF_SPLIT.stream().noneMatch(one.key()::startsWith)) {
        checkInFile(one, compared.contains(Recipe.Family.AWD_LSTM));
      }
    }
    for (Recipes.Given one : Recipes.given(options.all())) {
      if (one.key().equals(FAMILY)) {
        throw UlmfitException.usage(one.where() + ": --families says what is compared");
      }
      if (compared.stream().allMatch(family -> isBrought(family, one.key()))) {
        throw UlmfitException.usage(
            "%s: %s: the encoder of embedding brings its own; leave it out"
                .formatted(one.where(), one.key()));
      }
      if (compared.stream().noneMatch(family -> hasPhase(family, one.key()))) {
        throw UlmfitException.usage(
            one.where() + ": no recipe of what is compared has so many phases; leave it out");
      }
    }
    options.checkOptions(compared.stream().map(Family::of).toList());
  }

  private static void checkInFile(Recipes.Given one, boolean compared) {
    boolean read =
        FamilyKeys.reads(Family.of(Recipe.Family.AWD_LSTM), one.key()) && !one.key().equals(FAMILY);
    if (!compared || !read) {
      throw UlmfitException.usage(
          "%s: %s: in a comparison --config is the recipe of awd-lstm%s; %s"
              .formatted(
                  one.where(),
                  one.key(),
                  compared ? ", which does not read it" : ", which is not compared",
                  one.key().equals(FAMILY)
                      ? "--families says what is compared"
                      : "give it by --set, which others read, too, or leave it out"));
    }
  }

  @Override
  public Recipe split(long seed) {
    return options.recipe(List.of("seed=" + seed));
  }

  @Override
  public Recipe of(Recipe.Family family, long seed) {
    String name = Recipes.word(family);
    List<String> all = new ArrayList<>(options.all());
    all.removeIf(override -> !isRead(family, override) || !hasPhase(family, override));
    if (family == Recipe.Family.EMBEDDING && embedder != null) {
      all.add(Recipes.override("embedding.embedder", embedder.toString()));
    }
    all.addAll(List.of(FAMILY + "=" + name, "seed=" + seed));
    return family == Recipe.Family.AWD_LSTM ? options.load(all) : Recipes.shipped(name, all);
  }

  /** Whether a family's recipe has the phase that a key or an override speaks of, if it does. */
  private boolean hasPhase(Recipe.Family family, String key) {
    Matcher m = PHASE.matcher(key);
    if (!m.lookingAt()) {
      return true;
    }
    Recipe own =
        family == Recipe.Family.AWD_LSTM
            ? options.load(List.of())
            : Recipes.shipped(Recipes.word(family), List.of());
    return Integer.parseInt(m.group(1)) < own.classifier().stages().size();
  }

  /** Whether the embedding family has an encoder. */
  boolean haveEmbedder() {
    return embedder != null
        || Recipes.given(options.all()).stream()
            .anyMatch(one -> one.key().equals("embedding.embedder"));
  }

  /** Whether a family reads what an override is of. */
  static boolean isRead(Recipe.Family family, String override) {
    return Recipes.given(List.of(override)).stream()
        .anyMatch(
            one -> FamilyKeys.reads(Family.of(family), one.key()) && !isBrought(family, one.key()));
  }

  private static boolean isBrought(Recipe.Family family, String key) {
    return family == Recipe.Family.EMBEDDING && OF_WORDS.stream().anyMatch(key::startsWith);
  }
}
