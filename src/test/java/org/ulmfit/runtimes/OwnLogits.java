package org.ulmfit.runtimes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.Inference;
import org.ulmfit.classifier.Opening;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Backend;

/** What our own classifier answers, in float32. */
final class OwnLogits implements AutoCloseable {

  private static final float TOLERANCE = 1e-5f;

  private static final Inference.Batching ONE_BATCH =
      new Inference.Batching(Integer.MAX_VALUE, 0, false);

  private final Backend backend = Backend.open("cpu", "fp32");
  private final Inference classifier;

  OwnLogits(ModelFolder model) {
    ModelConfig config = ModelConfig.of(model);
    try (Safetensors.Reader file = Safetensors.Reader.open(model.file("model.safetensors"))) {
      int padId = config.vocabulary(model).padId();
      classifier =
          Family.of(config).open(new Opening(() -> backend, config, padId, model, file, null));
    }
  }

  /** Logits (documents, classes) of a few documents, read in one batch. */
  float[][] of(int[]... documents) {
    return classifier.logits(documents, ONE_BATCH, tokens -> {});
  }

  static void assertSame(float[][] expected, float[][] actual) {
    assertEquals(expected.length, actual.length);
    for (int d = 0; d < expected.length; d++) {
      assertArrayEquals(expected[d], actual[d], TOLERANCE, "document " + d);
    }
  }

  @Override
  public void close() {
    classifier.close();
    backend.close();
  }
}
