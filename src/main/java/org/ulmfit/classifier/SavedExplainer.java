package org.ulmfit.classifier;

import ai.djl.Device;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.Torch;

/**
 * What explains the answers of a saved model: its weights a second time, in float32, opened when it
 * is first asked. One thread at a time.
 */
public final class SavedExplainer implements AutoCloseable {
  private final ModelFolder folder;
  private final ModelConfig config;
  private final int padId;
  private final String device;
  private final Supplier<Inference> answers;

  private @Nullable Backend backend; // opened if its family computes on the engine
  private @Nullable Explainer explainer;

  /**
   * One that opens nothing yet.
   *
   * @param answers the model's own, for families that have none but those; not closed with it
   */
  public SavedExplainer(
      ModelFolder folder,
      ModelConfig config,
      int padId,
      String device,
      Supplier<Inference> answers) {
    this.folder = folder;
    this.config = config;
    this.padId = padId;
    this.device = device;
    this.answers = answers;
  }

  /** As {@link Explainer#method}. */
  public synchronized String method() {
    return open().method();
  }

  /** As {@link Explainer#answers}. */
  public synchronized int answers(int words) {
    return open().answers(words);
  }

  /** As {@link Explainer#baseline}. */
  public synchronized float[] baseline(int[] document, int[] groups) {
    return open().baseline(document, groups);
  }

  /** As {@link Explainer#explain}. */
  public synchronized Attribution explain(int[] document, int[] groups, Target target) {
    return open().explain(document, groups, target);
  }

  private Explainer open() {
    Explainer opened = explainer;
    if (opened == null) {
      try (Safetensors.Reader file = Safetensors.Reader.open(folder.file("model.safetensors"))) {
        Opening saved = new Opening(this::backend, config, padId, folder, file, null);
        opened = Family.of(config).explainer(saved, answers);
      }
      explainer = opened;
    }
    return opened;
  }

  private Backend backend() {
    Backend opened = backend;
    if (opened == null) {
      Device where = Torch.device(device);
      opened = Backend.open(where, Precision.of("fp32", where));
      backend = opened;
    }
    return opened;
  }

  @Override
  public synchronized void close() {
    if (explainer != null) {
      explainer.close();
    }
    if (backend != null) {
      backend.close();
    }
  }
}
