package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Golden;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.TestConfigs;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.DocumentEncoder;
import org.ulmfit.nn.EngineFixture;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.nn.Parameter;
import org.ulmfit.nn.RecordingMode;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.Torch;

/** Golden sections 11.1 to 11.3 (logits) and 17 (head); gradients by finite differences. */
@Tag("engine")
@Tag("parity")
class ClassifierTest extends EngineFixture {

  private static final float FORWARD = 1e-5f;

  /** Nothing drops out. */
  private static final Recipe.Classifier UNDROPPED =
      TinyClassifier.recipe("classifier.dropMult=0", "classifier.headDropout=0").classifier();

  private static JsonNode golden(String... path) {
    String[] full = new String[path.length + 1];
    full[0] = "mini_clas";
    System.arraycopy(path, 0, full, 1, path.length);
    return Golden.numeric(full);
  }

  private static ModelConfig miniConfig(String encoder, boolean headBias, int maxLength) {
    return TestConfigs.of(
        "classifier",
        new AwdLstmSizes(6, 2, 3, 3, false),
        TinyClassifier.recipe().text(),
        new ModelConfig.Head(2, 3, headBias, encoder, 3, maxLength));
  }

  /** The classifier of section 11: encoder 6, 2-3-3-2; head 6-3-2. */
  private Classifier mini(String encoder, boolean headBias, int maxLength) {
    ModelConfig config = miniConfig(encoder, headBias, maxLength);
    Classifier model = new Classifier(manager, kernels, config, 1, UNDROPPED);
    org.ulmfit.nn.Golden.fill(model.encoder());
    for (Parameter p : model.groups().get(4).parameters()) {
      switch (p.name()) {
        case "layers.0.2.weight" -> org.ulmfit.nn.Golden.set(p, .2, 4);
        case "layers.0.2.bias" -> org.ulmfit.nn.Golden.set(p, .1, 4);
        case "layers.1.2.weight" -> org.ulmfit.nn.Golden.set(p, .2, 1);
        case "layers.1.2.bias" -> org.ulmfit.nn.Golden.set(p, .05, 6);
        default -> assertTrue(p.normOrBias(), p.name());
      }
    }
    return model;
  }

  private static float[][] logits(Classifier model, int[][] documents, int rows, int maxTokens) {
    try (Inference inference = model.inference()) {
      return inference.logits(
          documents, new Inference.Batching(rows, maxTokens, false), tokens -> {});
    }
  }

  private static float[] flat(float[][] rows) {
    FloatBuffer all = FloatBuffer.allocate(rows.length * rows[0].length);
    Arrays.stream(rows).forEach(all::put);
    return all.array();
  }

  @Test
  void lessonLogits() {
    int[][] documents = Golden.rowsOfInts(golden("docs"));
    float[][] logits = logits(mini("lesson", true, 100), documents, 8, 0);
    assertArrayEquals(flat(golden("v07", "logits")), flat(logits), FORWARD);
    float[][] p = Arrays.stream(logits).map(new Softmax()::probabilities).toArray(float[][]::new);
    assertArrayEquals(flat(golden("softmax_v07")), flat(p), FORWARD);
  }

  @Test
  void maskedLogitsWithoutHeadBias() {
    int[][] documents = Golden.rowsOfInts(golden("docs"));
    float[] expected = flat(golden("fastai2", "logits"));
    assertArrayEquals(expected, flat(logits(mini("masked", false, 100), documents, 8, 0)), FORWARD);
    assertArrayEquals(expected, flat(logits(mini("masked", false, 100), documents, 1, 0)), FORWARD);
  }

  /** fastai#3379: the row of the short document is the one it has alone. */
  @Test
  void theBatchThatFastaiGetsWrong() {
    int[][] documents = Golden.rowsOfInts(golden("fastai2_bug_3379", "docs"));
    Classifier model = mini("masked", true, 100);
    float[][] together = logits(model, documents, 8, 0);
    for (int d = 0; d < documents.length; d++) {
      float[][] alone = logits(model, new int[][] {documents[d]}, 8, 0);
      assertArrayEquals(alone[0], together[d], FORWARD, "document " + d);
    }
    float[] empty = logits(model, new int[][] {{1}}, 8, 0)[0];
    assertTrue(Math.abs(empty[0] - together[4][0]) > 1e-4, "the short document has no effect");
  }

  /** Answers come in input order, whatever the order and the batches. */
  @Test
  void shufflingTheInputShufflesTheOutput() {
    Random random = new Random(3);
    int[][] documents = new int[40][];
    for (int d = 0; d < documents.length; d++) {
      documents[d] = random.ints(1 + random.nextInt(14), 0, 6).toArray();
    }
    Classifier model = mini("masked", true, 6);
    float[][] straight = logits(model, documents, 7, 40);
    List<Integer> order = new ArrayList<>(Arrays.stream(Golden.range(40)).boxed().toList());
    Collections.shuffle(order, random);
    int[][] shuffled = order.stream().map(d -> documents[d]).toArray(int[][]::new);
    float[][] answers = logits(model, shuffled, 3, 0);
    for (int i = 0; i < answers.length; i++) {
      assertArrayEquals(straight[order.get(i)], answers[i], FORWARD);
    }
  }

  /** A training in the same program would get other masks. */
  @Test
  void openingAModelTakesNothingFromTheGenerator(@TempDir Path dir) {
    for (boolean headBias : new boolean[] {true, false}) {
      Classifier model = mini("masked", headBias, 100);
      int[][] documents = Golden.rowsOfInts(golden("docs"));
      float[][] expected = logits(model, documents, 8, 0);
      Path file = dir.resolve(headBias + ".safetensors");
      Safetensors.write(file, Map.of(), Tensors.entries(model.tensors()));
      Torch.seed(3);
      float[] drawn = draw();
      Torch.seed(3);
      ModelConfig config = miniConfig("masked", headBias, 100);
      try (Safetensors.Reader reader = Safetensors.Reader.open(file);
          Backend backend = Backend.open("cpu", "fp32");
          Inference opened =
              Family.of(config).open(new Opening(() -> backend, config, 1, null, reader, null))) {
        assertArrayEquals(drawn, draw());
        assertArrayEquals(
            expected, opened.logits(documents, new Inference.Batching(8, 0, false), tokens -> {}));
      }
    }
  }

  private float[] draw() {
    return floats(manager.randomUniform(0, 1, new Shape(9)));
  }

  @Test
  void anAnswerThatFailsLeavesTheThreadRecordingAsBefore() {
    int[][] unknown = {{2, 3, 600}};
    try (Inference inference = mini("masked", true, 100).inference()) {
      RecordingMode.outlives(() -> inference.logits(unknown));
    }
  }

  @Test
  void headParameterCounts() {
    int cases = 0;
    for (var entry : Golden.numeric("head_params").properties()) {
      int classes = Integer.parseInt(entry.getKey());
      for (boolean bias : new boolean[] {true, false}) {
        ModelConfig config =
            TestConfigs.of(
                "classifier",
                new AwdLstmSizes(10, 400, 4, 3, false),
                TinyClassifier.recipe().text(),
                new ModelConfig.Head(classes, 50, bias, "masked", 70, 1400));
        try (Classifier model = new Classifier(manager, kernels, config, 1, UNDROPPED)) {
          List<LayerGroup> groups = model.groups();
          assertEquals(5, groups.size());
          long expected = entry.getValue().get(bias ? "v07" : "fastai2").longValue();
          assertEquals(expected, groups.get(4).size());
          assertEquals(4000, groups.get(0).size());
        }
        cases++;
      }
    }
    assertEquals(10, cases);
  }

  private static final int[][] DOCUMENTS = {{2, 3, 4, 5, 2}, {5, 4, 3}, {3, 2, 2, 4}, {4}};
  private static final int[][] LABELS = {{0}, {1}, {1}, {0}};

  /** Regularised loss of a training pass without dropout; or its gradients, if asked. */
  private double loss(Classifier model, double alpha, double beta, Map<String, float[]> into) {
    CrossEntropy objective = new CrossEntropy(alpha, beta);
    DocumentEncoder.Batch batch = model.collator().collate(DOCUMENTS);
    try (NDManager step = manager.newSubManager();
        GradientCollector collector = Torch.engine().newGradientCollector()) {
      TextModel.Forward forward = model.forward(step, batch);
      if (into == null) {
        return objective.losses(step, kernels, forward, LABELS).get(0).getFloat();
      }
      double loss = objective.backward(step, collector, kernels, forward, LABELS);
      Kernels.withoutRecording(
          () -> {
            for (LayerGroup group : model.groups()) {
              for (Parameter p : group.parameters()) {
                into.put(p.name(), p.gradient(step).toFloatArray());
              }
            }
          });
      return loss;
    }
  }

  private Classifier trainable() {
    Classifier model = mini("masked", true, 100);
    // one chunk: gradients do not cross chunks, differences would
    ModelConfig config =
        TestConfigs.of(
            "classifier",
            new AwdLstmSizes(6, 2, 3, 3, false),
            TinyClassifier.recipe().text(),
            new ModelConfig.Head(2, 3, true, "masked", 10, 100));
    Classifier whole = new Classifier(manager, kernels, config, 1, UNDROPPED);
    model.tensors().forEach((name, array) -> copy(array, whole.tensors().get(name)));
    whole.groups().forEach(g -> g.parameters().forEach(p -> p.trainable(true)));
    return whole;
  }

  private static void copy(NDArray from, NDArray to) {
    Tensors.set(to, FloatBuffer.wrap(from.toFloatArray()));
  }

  /** Head, every LSTM and embedding, with AR and TAR in the loss. */
  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    Classifier model = trainable();
    Map<String, float[]> gradients = new HashMap<>();
    loss(model, 2, 1, gradients);
    int checked = 0;
    double largest = 0;
    for (LayerGroup group : model.groups()) {
      for (Parameter p : group.parameters()) {
        float[] start = p.value().toFloatArray();
        float[] gradient = gradients.get(p.name());
        for (int i = 0; i < start.length; i += 1 + start.length / 7) {
          double h = 4e-3;
          double numeric = (at(model, p, start, i, h) - at(model, p, start, i, -h)) / (2 * h);
          Tensors.set(p.value(), FloatBuffer.wrap(start.clone()));
          assertEquals(
              numeric, gradient[i], 3e-4 + .02 * Math.abs(numeric), p.name() + "[" + i + "]");
          largest = Math.max(largest, Math.abs(numeric));
          checked++;
        }
      }
    }
    assertTrue(checked > 100 && largest > .05, checked + " checked, largest " + largest);
  }

  private double at(Classifier model, Parameter p, float[] start, int index, double h) {
    float[] moved = start.clone();
    moved[index] += (float) h;
    Tensors.set(p.value(), FloatBuffer.wrap(moved));
    return loss(model, 2, 1, null);
  }

  @Test
  void alphaAndBetaEachChangeLossAndGradient() {
    Classifier model = trainable();
    double[][] settings = {{0, 0}, {2, 0}, {0, 3}};
    double[] losses = new double[3];
    List<float[]> gradients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Map<String, float[]> into = new HashMap<>();
      model.groups().forEach(g -> g.parameters().forEach(this::forget));
      losses[i] = loss(model, settings[i][0], settings[i][1], null);
      loss(model, settings[i][0], settings[i][1], into);
      gradients.add(into.get("rnns.2.module.weight_ih_l0"));
    }
    for (int i = 1; i < 3; i++) {
      assertTrue(losses[i] > losses[0] + 1e-4, "loss " + Arrays.toString(losses));
      double difference = 0;
      for (int k = 0; k < gradients.get(0).length; k++) {
        difference += Math.abs(gradients.get(i)[k] - gradients.get(0)[k]);
      }
      assertTrue(difference > 1e-4, "gradient unchanged by setting " + i);
    }
  }

  private void forget(Parameter p) {
    try (NDManager step = manager.newSubManager()) {
      kernels.callLists(step, "zero", List.of(new NDList(p.gradient(step))));
    }
  }
}
