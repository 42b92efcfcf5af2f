package org.ulmfit.classifier;

import java.util.List;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Backend;

/** One kind of text model: makes a new one to train, opens a saved one to answer. */
public interface Family {

  /** All there are. */
  List<Family> ALL = List.of(new AwdLstmFamily());

  /** As {@code config.json} writes it. */
  String name();

  /**
   * A model with random weights, to be trained.
   *
   * @param config with its head
   * @param padId id of the padding token
   */
  TextModel create(Backend backend, ModelConfig config, int padId, Recipe.Classifier settings);

  /**
   * A saved model, to answer.
   *
   * @throws UlmfitException (bad model) if a tensor is missing or has another shape
   */
  Inference open(Backend backend, ModelConfig config, int padId, Safetensors.Reader weights);

  /**
   * The family of a saved model.
   *
   * @throws UlmfitException (bad model) if this program has no such
   */
  static Family of(ModelConfig config) {
    return ALL.stream()
        .filter(family -> family.name().equals(config.family()))
        .findFirst()
        .orElseThrow(
            () ->
                UlmfitException.badModel(
                    "config.json: family \""
                        + config.family()
                        + "\" is not known to this ulmfit; install a newer one"));
  }
}
