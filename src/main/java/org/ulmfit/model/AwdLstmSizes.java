package org.ulmfit.model;

import java.util.List;
import java.util.OptionalLong;

/** Sizes of an AWD-LSTM. */
public record AwdLstmSizes(
    long vocabularySize, int embeddingSize, int hiddenSize, int layers, boolean decoderBias)
    implements ModelSizes {

  @Override
  public int classes() {
    return 0;
  }

  @Override
  public OptionalLong vocabularyRows() {
    return OptionalLong.of(vocabularySize);
  }

  @Override
  public List<String> keys() {
    return List.of(
        "model.embeddingSize=" + embeddingSize,
        "model.hiddenSize=" + hiddenSize,
        "model.layers=" + layers);
  }

  @Override
  public boolean sound() {
    return ModelConfig.within(vocabularySize);
  }

  @Override
  public String describe() {
    return layers
        + " layers, embedding "
        + embeddingSize
        + ", hidden "
        + hiddenSize
        + ", vocabulary "
        + vocabularySize;
  }
}
