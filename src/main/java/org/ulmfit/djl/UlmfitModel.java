package org.ulmfit.djl;

import ai.djl.BaseModel;
import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.translate.Translator;
import ai.djl.util.passthrough.PassthroughNDManager;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ulmfit.predict.TextClassifier;

/** A classifier that is open, as a model of DJL. */
final class UlmfitModel extends BaseModel {
  private final TextClassifier classifier;
  private volatile boolean closed;

  UlmfitModel(String name, Path dir, TextClassifier classifier) {
    super(name);
    this.classifier = classifier;
    manager = PassthroughNDManager.INSTANCE; // arrays are the classifier's own
    setModelDir(dir);
    wasLoaded = true;
  }

  @Override
  public void load(Path dir, String prefix, Map<String, ?> options) {
    throw new IllegalStateException("this model is loaded");
  }

  @Override
  public <I, O> Predictor<I, O> newPredictor(Translator<I, O> translator, @Nullable Device device) {
    if (translator instanceof UlmfitTranslator<I, O> own) {
      return new UlmfitPredictor<>(this, own, classifier);
    }
    throw new IllegalArgumentException(
        "a translator of one's own: ulmfit's model reads texts itself; take newPredictor()");
  }

  @Override
  public void close() {
    closed = true;
    classifier.close();
    super.close();
  }

  /** DJL warns of a model that was not closed: by its arrays, which are not this one's. */
  @Override
  @SuppressWarnings({"deprecation", "removal", "Finalize"})
  protected void finalize() throws Throwable {
    if (!closed) {
      super.finalize();
    }
  }
}
