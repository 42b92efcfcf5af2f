package org.ulmfit.model;

import org.ulmfit.config.Recipe;
import org.ulmfit.io.ModelFolder;

/** Configs of forward AWD-LSTMs, and of models on n-grams. */
public final class TestConfigs {
  private TestConfigs() {}

  /**
   * @param head null: no classifier
   */
  public static ModelConfig of(
      String kind, AwdLstmSizes architecture, Recipe.Text text, ModelConfig.Head head) {
    return of(kind, architecture, text, null, head);
  }

  /** A classifier that is read as a recipe says. */
  public static ModelConfig classifier(
      AwdLstmSizes architecture, Recipe recipe, ModelConfig.Head head) {
    Reading reading = Reading.of(recipe, "classifier");
    return of("classifier", architecture, recipe.text(), reading, head);
  }

  private static ModelConfig of(
      String kind,
      AwdLstmSizes architecture,
      Recipe.Text text,
      Reading reading,
      ModelConfig.Head head) {
    return new ModelConfig(
        kind,
        ModelConfig.AWD_LSTM,
        "forward",
        ModelFolder.FORMAT_VERSION,
        architecture,
        null,
        null,
        null,
        ModelConfig.TextProfile.of(text),
        reading,
        head,
        null,
        null,
        null,
        null);
  }

  /** A classifier on n-grams. */
  public static ModelConfig ngrams(String family, NgramSizes sizes, Recipe recipe) {
    return new ModelConfig(
        "classifier",
        family,
        "forward",
        ModelFolder.FORMAT_VERSION,
        null,
        sizes,
        null,
        null,
        ModelConfig.TextProfile.of(recipe.text()),
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
