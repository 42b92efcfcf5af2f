package org.ulmfit.classifier;

import java.util.Objects;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Backend;

/** A family of networks on the encoder of a language model. */
public non-sealed interface EncoderFamily extends Family {

  @Override
  default boolean onEngine() {
    return true;
  }

  @Override
  default boolean startsFromEncoder() {
    return true;
  }

  @Override
  default ClassifierTraining work(Start start, Corpus corpus, int limit, Recipe recipe) {
    return start.classifier() != null
        ? ClassifierTraining.from(start.classifier(), corpus, limit, recipe)
        : ClassifierTraining.on(Objects.requireNonNull(start.encoder()), corpus, limit, recipe);
  }

  /**
   * A model with random weights, to be trained.
   *
   * @param config with its head
   * @param padId id of the padding token
   */
  EncoderModel create(Backend backend, ModelConfig config, int padId, Recipe.Classifier settings);
}
