package org.ulmfit.classifier;

import java.util.List;
import java.util.function.Supplier;
import org.ulmfit.config.Recipe;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Backend;

/** The AWD-LSTM encoder with concat pooling: ULMFiT's own. Howard and Ruder 2018. */
final class AwdLstmFamily implements EncoderFamily {

  @Override
  public String name() {
    return ModelConfig.AWD_LSTM;
  }

  /** Those of its language model among them: one recipe serves both stages. */
  @Override
  public List<String> keys() {
    return List.of(
        "precision", "vocab", "remap", "model", "lm", "classifier", "lesson", "checkpoint");
  }

  @Override
  public EncoderModel create(
      Backend backend, ModelConfig config, int padId, Recipe.Classifier settings) {
    return new Classifier(backend.manager(), backend.kernels(), config, padId, settings);
  }

  @Override
  public Inference open(Opening saved) {
    return PoolingInference.open(
        saved.engine().get(), saved.config(), saved.padId(), saved.weights());
  }

  @Override
  public Explainer explainer(Opening saved, Supplier<Inference> answers) {
    return new IntegratedGradients(
        EmbeddedPooling.open(saved.engine().get(), saved.config(), saved.padId(), saved.weights()));
  }
}
