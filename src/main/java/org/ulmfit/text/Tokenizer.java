package org.ulmfit.text;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Cuts texts into tokens. */
sealed interface Tokenizer extends AutoCloseable permits WordTokenizer, SubwordTokenizer {
  /** The working memory of one thread. */
  Cutter cutter();

  /** The tokenizer's own vocabulary in id order, if it has one. */
  Optional<List<String>> vocabulary();

  @Override
  void close();

  static Tokenizer of(TokenizerSpec spec, Collection<String> specials) {
    if (spec instanceof TokenizerSpec.Subword subword) {
      return new SubwordTokenizer(subword.file(), specials);
    }
    return new WordTokenizer((TokenizerSpec.Word) spec, specials);
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
