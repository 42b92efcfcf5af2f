package org.ulmfit.prepare;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/** What a training gets of stage 1. */
public sealed interface Prepared extends AutoCloseable permits PreparedLm, PreparedClassifier {

  Vocab vocab();

  /** Names by label index; empty for a language model. */
  List<String> labels();

  TokenStore train();

  TokenStore valid();

  /** All that a training learns of and validates on. */
  default List<TokenStore> learned() {
    return List.of(train(), valid());
  }

  CorpusSummary summary();

  /** Content of the tokenizer.json that made the tokens; null: none did. */
  @Nullable String tokenizer();

  @Override
  void close();
}
