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
   *     does not know a locale; (failure) if it is not there
   */
  static Tokenizer of(TokenizerSpec spec, Rules rules) {
    if (spec instanceof TokenizerSpec.Subword subword) {
      return new SubwordTokenizer(subword.file());
    }
    if (spec instanceof TokenizerSpec.Icu icu) {
      return icu(icu, rules);
    }
    return spec instanceof TokenizerSpec.Word word
        ? new WordTokenizer(word, rules.tokenizerSpecials())
        : new CharacterTokenizer(rules);
  }

  private static Tokenizer icu(TokenizerSpec.Icu spec, Rules rules) {
    try {
      return new IcuTokenizer(spec, rules.tokenizerSpecials());
    } catch (LinkageError e) {
      throw UlmfitException.failure(
          "tokenizer "
              + spec.id()
              + ": the library of ICU is not there; add com.ibm.icu:icu4j to the class path (the"
              + " distribution of ulmfit has it in lib/)",
          e);
    }
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
