package org.ulmfit.classifier;

import org.ulmfit.config.Recipe;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Backend;

/** A family of networks: makes a new one to train. */
public non-sealed interface NeuralFamily extends Family {

  @Override
  default boolean onEngine() {
    return true;
  }

  /**
   * A model with random weights, to be trained.
   *
   * @param config with its head
   * @param padId id of the padding token
   */
  TextModel create(Backend backend, ModelConfig config, int padId, Recipe.Classifier settings);
}
