package org.ulmfit.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;

/**
 * A saved model brings its own text profile. A recipe that asks for another value than the default
 * and than the model's contradicts it. Its sizes rule without question: a recipe's are for training
 * from scratch.
 */
public final class ModelSettings {

  private ModelSettings() {}

  /** The model's text settings, unless the recipe contradicts them. */
  public static Recipe.Text text(Recipe.Text asked, Recipe.Text model, Path where) {
    Recipe.Text usual = Recipes.load(null, List.of()).text();
    check("text.rules", asked.rules(), model.rules(), usual.rules(), where);
    check("text.tokenizer", asked.tokenizer(), model.tokenizer(), usual.tokenizer(), where);
    check("text.markFields", asked.markFields(), model.markFields(), usual.markFields(), where);
    check(
        "text.fieldNumbers",
        asked.fieldNumbers(),
        model.fieldNumbers(),
        usual.fieldNumbers(),
        where);
    return model;
  }

  private static void check(String key, Object asked, Object model, Object usual, Path where) {
    if (!Objects.equals(asked, model) && !Objects.equals(asked, usual)) {
      throw UlmfitException.usage(
          key
              + ": "
              + asked
              + " contradicts the model in "
              + where
              + ", which has "
              + model
              + "; leave the key out");
    }
  }
}
