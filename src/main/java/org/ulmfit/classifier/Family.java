package org.ulmfit.classifier;

import java.util.List;
import java.util.function.Supplier;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Backend;

/** One kind of text classifier: opens a saved one to answer. */
public sealed interface Family permits NeuralFamily, NgramFamily {

  /** All there are. */
  List<Family> ALL =
      List.of(new AwdLstmFamily(), NgramFamily.LOGISTIC_REGRESSION, NgramFamily.NAIVE_BAYES_SVM);

  /** As {@code config.json} writes it. */
  String name();

  /** Whether it computes on the engine. */
  boolean onEngine();

  /**
   * A saved model, to answer.
   *
   * @param engine opened when it is asked for, and closed by who gave it
   * @throws UlmfitException (bad model) if a tensor is missing or has another shape
   */
  Inference open(
      Supplier<Backend> engine, ModelConfig config, int padId, Safetensors.Reader weights);

  /**
   * The family of a saved model.
   *
   * @throws UlmfitException (bad model) if this program has no such
   */
  static Family of(ModelConfig config) {
    return of(config.family());
  }

  /**
   * A family by its name.
   *
   * @throws UlmfitException (bad model) if this program has no such
   */
  static Family of(String name) {
    return ALL.stream()
        .filter(family -> family.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                UlmfitException.badModel(
                    "config.json: family \""
                        + name
                        + "\" is not known to this ulmfit; install a newer one"));
  }
}
