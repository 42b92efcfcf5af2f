package org.ulmfit.prepare;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * Stage 1's output for the language model.
 *
 * @param keepsPretrained whether the pretrained model's words were made to join the vocabulary
 */
public record PreparedLm(
    Vocab vocab,
    TokenStore train,
    TokenStore valid,
    CorpusSummary summary,
    @Nullable String tokenizer,
    boolean keepsPretrained)
    implements Prepared {
  @Override
  public List<String> labels() {
    return List.of();
  }

  @Override
  public void close() {
    train.close();
    valid.close();
  }
}
