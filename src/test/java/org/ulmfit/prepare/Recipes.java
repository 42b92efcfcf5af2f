package org.ulmfit.prepare;

import java.util.List;
import org.ulmfit.config.Recipe;
import org.ulmfit.text.FieldMarks;
import org.ulmfit.text.FieldNumbers;
import org.ulmfit.text.Normalise;
import org.ulmfit.text.Rules;

/** Recipes with the parts that stage 1 reads. */
final class Recipes {
  private Recipes() {}

  /** Rules none, so that tokens are those of the word tokenizer alone. */
  static Recipe plain() {
    return recipe(Rules.NONE, Recipe.Standardise.PLAIN, false, 0.1, 0);
  }

  static Recipe lesson(boolean includeTestText) {
    return recipe(Rules.FASTAI_0_7, Recipe.Standardise.LESSON, includeTestText, 0.1, 0);
  }

  static Recipe recipe(
      Rules rules,
      Recipe.Standardise standardise,
      boolean includeTestText,
      double validFraction,
      double testFraction) {
    boolean v07 = rules == Rules.FASTAI_0_7;
    return new Recipe(
        42,
        Recipe.Precision.FP32,
        new Recipe.Text(
            rules,
            v07 ? "spacy-2.0" : "spacy-3",
            v07 ? FieldMarks.ALWAYS : FieldMarks.AUTO,
            FieldNumbers.LESSON,
            Normalise.NONE,
            "none"),
        new Recipe.Corpus(standardise, validFraction, testFraction),
        new Recipe.Vocabulary(60_000, v07 ? 2 : 1, v07, Recipe.KeepPretrained.FALSE),
        null,
        null,
        new Recipe.LanguageModel(
            includeTestText,
            0.1,
            8,
            70,
            null,
            true,
            1,
            null,
            null,
            0,
            0,
            null,
            Recipe.Softmax.FULL,
            1,
            Recipe.StartBias.ZERO,
            0,
            List.of()),
        org.ulmfit.config.Recipes.defaults().classifier(),
        null,
        null,
        null,
        null,
        null);
  }
}
