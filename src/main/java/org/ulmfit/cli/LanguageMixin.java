package org.ulmfit.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.text.TokenizerSpec;
import picocli.CommandLine.Option;

/** What language a corpus is in and how it is cut into tokens, of commands that may decide it. */
final class LanguageMixin {
  @Option(
      names = "--tokenizer",
      paramLabel = "TOKENIZER",
      description =
          "spacy-3 or spacy-2.0 (English words), icu (words of any language, also of Chinese,"
              + " Japanese, Thai, Lao, Khmer and Burmese), icu:LOCALE, chars (one token a character),"
              + " train:SIZE or train:bpe:SIZE (pieces learned of the training texts) or the path of a"
              + " tokenizer.json; the same as --set text.tokenizer=...")
  private @Nullable String tokenizer;

  @Option(
      names = "--language",
      paramLabel = "TAG",
      description =
          "What the texts are written in, such as de or pt-BR, for config.json and the model card;"
              + " the same as --set text.language=...")
  private @Nullable String language;

  /** Recipe keys and their values. */
  List<String> overrides() {
    List<String> overrides = new ArrayList<>();
    if (tokenizer != null) {
      overrides.add(Recipes.override("text.tokenizer", tokenizer));
    }
    if (language != null) {
      overrides.add(Recipes.override("text.language", language));
    }
    return overrides;
  }

  /**
   * Refuses another tokenizer than was asked for, be it the default one.
   *
   * @param decided the recipe with what a pretrained model decides
   */
  void check(Recipe decided) {
    String has = decided.text().tokenizer();
    if (tokenizer != null && !TokenizerSpec.same(tokenizer, has)) {
      throw UlmfitException.usage(
          "--tokenizer "
              + tokenizer
              + " contradicts the pretrained model, which has "
              + has
              + "; leave it out, or train a new model with --from-scratch");
    }
  }
}
