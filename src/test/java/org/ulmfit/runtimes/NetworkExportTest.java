package org.ulmfit.runtimes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.Inference;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Backend;

/** An exported network, run by DJL as any other model, against our own classifier. */
@Tag("engine")
class NetworkExportTest {

  private static final float TOLERANCE = 1e-5f;

  @TempDir Path dir;

  static List<RandomNetwork> networks() {
    return RandomNetwork.all();
  }

  /** Our own logits, the documents in one batch. */
  static float[][] ours(ModelFolder model, int[][] documents) {
    ModelConfig config = ModelConfig.of(model);
    try (Backend backend = Backend.open("cpu", "fp32");
        Safetensors.Reader file = Safetensors.Reader.open(model.file("model.safetensors"));
        Inference own = Family.of(config).open(() -> backend, config, 1, file)) {
      return own.logits(documents);
    }
  }

  private interface Call {
    float[][] logits(int[][] documents, int width) throws Exception;
  }

  private static void withDjl(Path modelPath, int classes, ThrowingCall test) throws Exception {
    Criteria<NDList, NDList> criteria =
        Criteria.builder()
            .setTypes(NDList.class, NDList.class)
            .optModelPath(modelPath)
            .optEngine("PyTorch")
            .optTranslator(new NoopTranslator())
            .build();
    try (ZooModel<NDList, NDList> model = criteria.loadModel();
        Predictor<NDList, NDList> predictor = model.newPredictor();
        NDManager manager = model.getNDManager().newSubManager()) {
      test.with(
          (documents, width) -> {
            long[] lengths = Arrays.stream(documents).mapToLong(d -> d.length).toArray();
            NDList inputs =
                new NDList(
                    manager.create(RandomNetwork.padded(documents, width)),
                    manager.create(lengths));
            float[] flat = predictor.predict(inputs).singletonOrThrow().toFloatArray();
            float[][] rows = new float[documents.length][];
            Arrays.setAll(rows, d -> Arrays.copyOfRange(flat, d * classes, (d + 1) * classes));
            return rows;
          });
    }
  }

  private interface ThrowingCall {
    void with(Call call) throws Exception;
  }

  private static void assertSame(float[][] expected, float[][] actual) {
    assertEquals(expected.length, actual.length);
    for (int d = 0; d < expected.length; d++) {
      assertArrayEquals(expected[d], actual[d], TOLERANCE, "document " + d);
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void djlsOwnCriteriaGiveTheSameLogits(RandomNetwork network) throws Exception {
    ModelFolder model = network.write(dir.resolve("model"));
    Path out = dir.resolve("out");
    NetworkExport.write(model, NetworkExport.Program.TORCHSCRIPT, out);
    int[][] documents = RandomNetwork.documents();
    int longest = Arrays.stream(documents).mapToInt(d -> d.length).max().orElseThrow();
    withDjl(
        out,
        network.classes(),
        djl -> {
          float[][] expected = ours(model, documents);
          assertSame(expected, djl.logits(documents, longest));
          assertSame(expected, djl.logits(documents, longest + 5));
          for (int[] document : documents) {
            int[][] alone = {document};
            assertSame(ours(model, alone), djl.logits(alone, document.length));
          }
        });
  }
}
