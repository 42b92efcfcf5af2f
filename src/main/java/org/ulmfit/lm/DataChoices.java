package org.ulmfit.lm;

import java.util.ArrayList;
import java.util.List;
import org.ulmfit.Shown;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipe.KeepPretrained;
import org.ulmfit.config.Recipe.Softmax;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.prepare.PreparedLm;

/**
 * What a recipe leaves to the data with {@code auto}: settled once, when a run has its data, and
 * recorded in its recipe.
 */
final class DataChoices {

  /**
   * The softmax is sampled from so many words for each drawn one on, where the step gains a fifth
   * (docs/benchmarks.md).
   */
  private static final int WORDS_FOR_EACH_DRAWN = 2;

  private DataChoices() {}

  /** The recipe with {@code vocab.keepPretrained} and {@code lm.softmax} as the data wants them. */
  static Recipe settle(Recipe recipe, PreparedLm data) {
    List<String> choices = new ArrayList<>();
    if (recipe.vocab().keepPretrained() == KeepPretrained.AUTO) {
      choices.add("vocab.keepPretrained=" + data.keepsPretrained());
    }
    if (recipe.lm().softmax() == Softmax.AUTO) {
      boolean sampled = data.vocab().size() >= sampledFrom(recipe.lm());
      choices.add("lm.softmax=" + (sampled ? "sampled" : "full"));
    }
    return Recipes.with(recipe, choices);
  }

  private static long sampledFrom(Recipe.LanguageModel lm) {
    return (long) WORDS_FOR_EACH_DRAWN * lm.negatives();
  }

  /**
   * What was chosen and why, a line each; nothing of what was asked for, unless it comes to
   * something else.
   *
   * @param asked the recipe as it was asked for
   * @param recipe the settled one
   * @param pretrained whether there is a pretrained model
   */
  static List<String> lines(
      Recipe asked, Recipe recipe, Corpus corpus, boolean pretrained, PreparedLm data) {
    List<String> lines = new ArrayList<>();
    if (asked.vocab().keepPretrained() == KeepPretrained.AUTO && pretrained) {
      lines.add(pretrainedWords(corpus, recipe));
    }
    boolean auto = asked.lm().softmax() == Softmax.AUTO;
    if (auto || recipe.lm().softmax() == Softmax.SAMPLED) {
      lines.add(softmax(recipe.lm(), auto, data.vocab().size()));
    }
    return lines;
  }

  private static String pretrainedWords(Corpus corpus, Recipe recipe) {
    String words;
    if (recipe.vocab().keepPretrained() == KeepPretrained.TRUE) {
      words = "kept (auto: vocab.maxSize %,d has room for all)";
    } else if (Prepare.isPrepared(corpus)) {
      words = "not kept (auto: the corpus was prepared with its own vocabulary)";
    } else {
      words = "not kept (auto: vocab.maxSize %,d has no room for all)";
    }
    return Shown.format("pretrained words: " + words, recipe.vocab().maxSize());
  }

  private static String softmax(Recipe.LanguageModel lm, boolean auto, int words) {
    if (lm.softmax() == Softmax.FULL) {
      return Shown.format("softmax: full (auto: sampling pays from %,d words on)", sampledFrom(lm));
    }
    if (lm.negatives() >= words) {
      return "softmax: full, since lm.negatives is no less than the vocabulary of " + words;
    }
    return Shown.format(
        "softmax: sampled, %,d of %,d words a batch%s; the training loss is a sampled loss, not"
            + " comparable with the validation loss",
        lm.negatives(), words, auto ? " (auto: faster with so many words)" : "");
  }
}
