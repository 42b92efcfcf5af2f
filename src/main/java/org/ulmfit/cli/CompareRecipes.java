package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
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

  /**
   * Refuses what was given and would not be heeded.
   *
   * @throws UlmfitException (usage) naming the key and what reads it
   */
  void check(List<Recipe.Family> compared) {
    options.load(own()); // an unknown key is refused as one
    for (Recipes.Given one : options.inFile()) {
      if (OF_SPLIT.stream().noneMatch(one.key()::startsWith)) {
        checkInFile(one, compared.contains(Recipe.Family.AWD_LSTM));
      }
    }
    options.checkOptions(compared.stream().map(Family::of).toList());
    for (String override : options.all()) {
      Recipes.Given one = Recipes.given(List.of(override)).get(0);
      if (one.key().equals(FAMILY)) {
        throw UlmfitException.usage(one.where() + ": --families says what is compared");
      }
      if (compared.stream().allMatch(family -> isBrought(family, one.key()))) {
        throw UlmfitException.usage(
            Shown.format(
                "%s: %s: the encoder of embedding brings its own; leave it out",
                one.where(), one.key()));
      }
      if (compared.stream().noneMatch(family -> applies(family, override))) {
        throw UlmfitException.usage(
            Shown.format(
                "%s: no recipe of what is compared has so many %s; leave it out",
                one.where(), one.key()));
      }
    }
  }

  /**
   * Refuses keys to search that no family reads, or that are given otherwise, too.
   *
   * @throws UlmfitException (usage) naming the key
   */
  void checkSearched(List<Recipe.Family> compared, List<CompareJob.Searched> searched) {
    List<Family> families = compared.stream().map(Family::of).toList();
    for (CompareJob.Searched one : searched) {
      String shown = "--search " + one.key() + "=" + String.join(",", one.values());
      String override = one.key() + "=" + one.values().get(0);
      Recipes.Given given = Recipes.given(List.of(override)).get(0);
      if (List.of(FAMILY, "seed").contains(given.key()) || given.key().startsWith("corpus.")) {
        throw UlmfitException.usage(
            shown + ": is the same for all that is compared; search a key of the families' own");
      }
      for (String value : one.values()) { // an unknown key or a bad value is refused as one
        String each = one.key() + "=" + value;
        options.load(Recipes.fits(options.load(List.of()), each) ? List.of(each) : List.of());
      }
      FamilyKeys.check(families, List.of(new Recipes.Given(given.key(), shown)));
      if (compared.stream().noneMatch(family -> applies(family, override))) {
        throw UlmfitException.usage(
            shown + ": no recipe of what is compared has so many " + given.key());
      }
      if (options.all().stream().anyMatch(set -> set.startsWith(one.key() + "="))) {
        throw UlmfitException.usage(shown + ": --set gives it a value, too; leave one of them out");
      }
    }
  }

  private static void checkInFile(Recipes.Given one, boolean compared) {
    boolean read =
        FamilyKeys.reads(Family.of(Recipe.Family.AWD_LSTM), one.key()) && !one.key().equals(FAMILY);
    if (!compared || !read) {
      throw UlmfitException.usage(
          Shown.format(
              "%s: %s: in a comparison --config is the recipe of awd-lstm%s; %s",
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
    List<String> all = own();
    all.add("seed=" + seed);
    return options.load(all);
  }

  /** The overrides whose places the recipe of the file has. */
  private List<String> own() {
    List<String> own = new ArrayList<>(options.all());
    own.removeIf(override -> !Recipes.fits(options.load(List.of()), override));
    return own;
  }

  @Override
  public Recipe of(Recipe.Family family, long seed) {
    List<String> all = new ArrayList<>(options.all());
    all.removeIf(override -> !applies(family, override));
    if (family == Recipe.Family.EMBEDDING && embedder != null) {
      all.add(Recipes.override("embedding.embedder", embedder.toString()));
    }
    all.addAll(List.of(FAMILY + "=" + Recipes.word(family), "seed=" + seed));
    return of(family, all);
  }

  private Recipe of(Recipe.Family family, List<String> overrides) {
    return family == Recipe.Family.AWD_LSTM
        ? options.load(overrides)
        : Recipes.shipped(Recipes.word(family), overrides);
  }

  /** Whether the embedding family has an encoder. */
  boolean haveEmbedder() {
    return embedder != null
        || Recipes.given(options.all()).stream()
            .anyMatch(one -> one.key().equals("embedding.embedder"));
  }

  /** Whether an override is of what a family reads, in a place that its recipe has. */
  @Override
  public boolean applies(Recipe.Family family, String override) {
    return isRead(family, override) && Recipes.fits(of(family, List.of()), override);
  }

  private static boolean isRead(Recipe.Family family, String override) {
    return Recipes.given(List.of(override)).stream()
        .anyMatch(
            one -> FamilyKeys.reads(Family.of(family), one.key()) && !isBrought(family, one.key()));
  }

  private static boolean isBrought(Recipe.Family family, String key) {
    return family == Recipe.Family.EMBEDDING && OF_WORDS.stream().anyMatch(key::startsWith);
  }
}
