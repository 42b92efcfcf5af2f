package org.ulmfit.text;

import java.util.List;
import java.util.Optional;
import org.ulmfit.UlmfitException;

/** Cuts texts into tokens. */
sealed interface Tokenizer extends AutoCloseable
    permits WordTokenizer, IcuTokenizer, CharacterTokenizer, SubwordTokenizer {
  /** The working memory of one thread. */
  Cutter cutter();

  /** The tokenizer's own vocabulary in id order, if it has one. */
  Optional<List<String>> vocabulary();

  @Override
  void close();

  /**
   * The tokenizer for texts that the rules have gone over.
   *
   * @throws UlmfitException (bad data) if a subword file is missing or no tokenizer; (usage) if ICU
   *     does not know a locale, or if it is yet to be trained; (failure) if it is not there
   */
  static Tokenizer of(TokenizerSpec spec, Rules rules) {
    if (spec instanceof TokenizerSpec.Subword subword) {
      return new SubwordTokenizer(subword.file(), rules.tokenizerSpecials());
    }
    if (spec instanceof TokenizerSpec.Icu icu) {
      return TokenizerSpec.Icu.there(() -> new IcuTokenizer(icu, rules.tokenizerSpecials()));
    }
    if (spec instanceof TokenizerSpec.Trained) {
      throw UlmfitException.usage(
          "tokenizer "
              + spec.id()
              + ": is trained where texts are prepared for a new language model; here give the"
              + " tokenizer.json that it became, or make one with train-tokenizer");
    }
    return spec instanceof TokenizerSpec.Word word
        ? new WordTokenizer(word, rules.tokenizerSpecials())
        : new CharacterTokenizer(rules);
  }

  /** For one thread. */
  @FunctionalInterface
  interface Cutter {
    /**
     * The tokens of a text as ranges of it or of what the tokenizer appended to it. Valid until the
     * next call; the caller may change them.
     */
    Spans cut(TextBuffer text);
  }
}
