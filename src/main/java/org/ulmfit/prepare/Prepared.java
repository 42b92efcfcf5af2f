package org.ulmfit.prepare;

import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/** What a training gets of stage 1. */
public sealed interface Prepared extends AutoCloseable permits PreparedLm, PreparedClassifier {

  Vocab vocab();

  TokenStore train();

  TokenStore valid();

  CorpusSummary summary();

  @Override
  void close();
}
