package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.Torch;

@Tag("engine")
class IntegratedGradientsTest {
  private static final Target ODDS = Target.logOdds(Labelling.SINGLE, 1);

  @TempDir Path dir;

  private static int[] document(int length) {
    return new Random(5).ints(length, 2, TinyClassifier.VOCABULARY).toArray();
  }

  private static int[] words(int length) {
    return IntStream.range(0, length).toArray();
  }

  /** Documents of one chunk, of several, and longer than what is pooled: as answers read them. */
  @ParameterizedTest
  @CsvSource({
    "masked, forward, 3",
    "masked, forward, 12",
    "masked, forward, 40",
    "masked, backward, 12",
    "lesson, forward, 12",
    "lesson, forward, 40",
    "masked, forward, 0"
  })
  void theWordsAddUpToTheAnswer(String layout, String direction, int length) {
    Recipe recipe = TinyClassifier.recipe("classifier.encoder=" + layout);
    ModelConfig forward = TinyClassifier.config(recipe);
    ModelConfig config =
        TinyClassifier.config(recipe, direction, forward.awdLstm(), forward.head());
    int[] document = document(length);
    try (Backend backend = Backend.open("cpu", "fp32")) {
      Path file = saved(backend, recipe);
      try (Safetensors.Reader reader = Safetensors.Reader.open(file)) {
        Opening saved = new Opening(() -> backend, config, TinyClassifier.PAD, null, reader, null);
        Family family = Family.of(config);
        try (Inference answers = family.open(saved);
            Explainer explainer = family.explainer(saved, () -> answers)) {
          Attribution words = explainer.explain(document, words(length), ODDS, new Stop());
          double baseline = ODDS.value(explainer.baseline(document, words(length)));
          double answer = ODDS.value(answers.logits(new int[][] {document})[0]);
          assertEquals(answer, baseline + words.whole(), 1e-5);
          assertEquals(0, gap(words), .05 * Math.max(.5, Math.abs(words.whole())));
          assertEquals(length, words.tokens().length);
        }
      }
    }
  }

  private static double gap(Attribution found) {
    return found.whole() - Arrays.stream(found.tokens()).sum();
  }

  private Path saved(Backend backend, Recipe recipe) {
    Torch.seed(3);
    Path file = dir.resolve("model.safetensors");
    try (Classifier model = TinyClassifier.model(backend.manager(), backend.kernels(), recipe)) {
      model.tensors().values().forEach(IntegratedGradientsTest::enlarge);
      Safetensors.write(file, Map.of(), Tensors.entries(model.tensors()));
    }
    return file;
  }

  /** So that the path has bends. */
  private static void enlarge(NDArray weights) {
    if (weights.getShape().dimension() == 2) {
      weights.muli(3);
    }
  }

  /** f(x) = x[0] of word 0 squared, times x[1] of word 1: the integral can be written down. */
  @Test
  void theIntegralOfAPolynomial() {
    float[][] vectors = {{2, 1}, {3, -1}, {5, 5}};
    try (Backend backend = Backend.open("cpu", "fp32");
        Explainer explainer = new IntegratedGradients(new Polynomial(backend, vectors))) {
      Target first = Target.logOdds(Labelling.MULTI, 0);
      Attribution found = explainer.explain(words(3), words(3), first, new Stop());
      // a = x00 = 2, b = x11 = -1, f = a²b: 2/3 of it of a, 1/3 of b
      assertEquals(-4, found.whole(), 1e-5);
      assertArrayEquals(new double[] {-8 / 3., -4 / 3., 0}, found.tokens(), .1);
      assertEquals(0, gap(found), .05 * 4);

      // where word 1 is no word, it stays as it is
      Attribution fixed = explainer.explain(words(3), new int[] {0, -1, 1}, first, new Stop());
      assertEquals(0, fixed.tokens()[1]);
      assertEquals(-4, fixed.tokens()[0], .2);
      assertEquals(0, first.value(explainer.baseline(words(3), new int[] {0, -1, 1})), 1e-6);
    }
  }

  /** A network whose gradient is known. */
  private record Polynomial(Backend backend, float[][] vectors) implements EmbeddedModel {
    @Override
    public NDManager manager() {
      return backend.manager();
    }

    @Override
    public Steps steps(int[] document) {
      return new Steps(Arrays.stream(document).asLongStream().toArray(), document, 0);
    }

    @Override
    public NDArray embedded(NDManager step, long[] ids) {
      float[] flat = new float[2 * ids.length];
      for (int i = 0; i < ids.length; i++) {
        System.arraycopy(vectors[(int) ids[i]], 0, flat, 2 * i, 2);
      }
      return step.create(FloatBuffer.wrap(flat), new Shape(ids.length, 2));
    }

    @Override
    public NDArray logits(NDManager step, Steps steps, NDArray x) {
      assertTrue(x.getShape().get(0) == 3);
      NDArray a = x.get("0, :, 0"); // (rows)
      NDArray b = x.get("1, :, 1");
      NDArray logits = a.mul(a).mul(b).reshape(-1, 1);
      logits.attach(step);
      return logits;
    }

    @Override
    public void close() {
      // closed by the test
    }
  }
}
