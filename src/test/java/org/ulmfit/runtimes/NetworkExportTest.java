package org.ulmfit.runtimes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ulmfit.runtimes.OwnLogits.assertSame;

import ai.djl.engine.Engine;
import ai.djl.translate.TranslateException;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.io.Sums;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.Tempering;
import org.ulmfit.runtimes.NetworkExport.Program;

/** An exported network, run by DJL as any other model, against our own classifier. */
@Tag("engine")
class NetworkExportTest {

  @TempDir Path dir;

  private ModelFolder model(RandomNetwork network) {
    return network.write(dir.resolve("model"));
  }

  private Path exported(ModelFolder model, Program program) {
    Path out = dir.resolve("out-" + program);
    NetworkExport.write(model, program, out);
    return out;
  }

  private static List<RandomNetwork> networks() {
    return RandomNetwork.all();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void djlsOwnCriteriaGiveTheSameLogits(RandomNetwork network) throws Exception {
    ModelFolder model = model(network);
    int[][] documents = RandomNetwork.documents();
    try (OwnLogits own = new OwnLogits(model);
        DjlModel djl = new DjlModel(exported(model, Program.TORCHSCRIPT))) {
      assertSame(own.of(documents), djl.logits(documents));
      for (int[] document : documents) {
        assertSame(own.of(document), djl.logits(new int[][] {document}));
      }
    }
  }

  @Test
  void whatStandsBehindADocumentIsNotRead() throws Exception {
    ModelFolder model = model(RandomNetwork.all().get(1));
    int[][] documents = RandomNetwork.documents();
    long[] lengths = Arrays.stream(documents).mapToLong(d -> Math.max(0, d.length - 2)).toArray();
    int[][] shorter = new int[documents.length][];
    Arrays.setAll(shorter, d -> Arrays.copyOf(documents[d], (int) lengths[d]));
    try (OwnLogits own = new OwnLogits(model);
        DjlModel djl = new DjlModel(exported(model, Program.TORCHSCRIPT))) {
      assertSame(own.of(shorter), djl.logits(documents, 700, lengths));
    }
  }

  @Test
  void aLengthBeyondTheIdsAndAnUnknownIdFail() throws Exception {
    ModelFolder model = model(RandomNetwork.all().get(0));
    int[][] one = {{2, 3, 4}};
    try (DjlModel djl = new DjlModel(exported(model, Program.TORCHSCRIPT).resolve("model.pt"))) {
      assertThrows(TranslateException.class, () -> djl.logits(one, 3, 4));
      assertThrows(TranslateException.class, () -> djl.logits(new int[][] {{2, 30}}));
    }
  }

  @ParameterizedTest
  @EnumSource(Program.class)
  void theFolderHoldsAllThatTurnsATextIntoLabels(Program program) throws IOException {
    ModelFolder model = model(RandomNetwork.all().get(1));
    Path out = dir.resolve("out");
    List<Path> written = NetworkExport.write(model, program, out);
    for (Path file : written) {
      assertTrue(Files.isRegularFile(file), file.toString());
    }
    try (var files = Files.list(out)) {
      assertEquals(written.size(), files.count());
    }
    for (String file : List.of("vocab.txt", "labels.json")) {
      assertEquals(-1, Files.mismatch(model.file(file), out.resolve(file)), file);
    }
    if (program == Program.DJL) {
      assertEquals(-1, Files.mismatch(model.file("config.json"), out.resolve("config.json")));
      String serving = Files.readString(out.resolve("serving.properties"));
      assertTrue(serving.contains("org.ulmfit.djl.TextTranslatorFactory"), serving);
      assertTrue(
          Files.readString(out.resolve("README.md")).contains("new TextTranslatorFactory()"));
      return;
    }
    JsonNode json = new ObjectMapper().readTree(out.resolve("model.json").toFile());
    assertEquals(written.get(0), out.resolve(json.get("file").asText()));
    assertEquals("backward", json.get("direction").asText());
    assertEquals(1, json.get("padId").asInt());
    assertEquals(model.config().get("text"), json.get("text"));
    assertEquals("single", json.get("task").asText());
    String readme = Files.readString(out.resolve("README.md"));
    assertTrue(readme.contains("| `logits` | (batch, 2) | float32 |"), readme);
    assertTrue(readme.contains("it turns the documents round itself"), readme);
    assertTrue(readme.contains("`ulmfit tokenize --rules fastai-2 --tokenizer spacy-3 --prefix`"));
  }

  @Test
  void severalLabelsHaveTheirThresholdsAndATokenizerItsName() throws IOException {
    ModelFolder model = model(RandomNetwork.awdLstms().get(1));
    Path config = model.file("config.json");
    String changed =
        Files.readString(config)
            .replace(
                "\"direction\"",
                "\"task\" : \"multi\", \"thresholds\" : [0.25, 0.5], \"direction\"")
            .replace("\"spacy-3\"", "\"$(rm -r .)/tokenizer.json\"");
    Files.writeString(config, changed);
    Sums.renew(model.path());
    Path out = dir.resolve("out");
    NetworkExport.write(ModelFolder.open(model.path()), Program.ONNX, out);
    JsonNode json = new ObjectMapper().readTree(out.resolve("model.json").toFile());
    assertEquals("multi", json.get("task").asText());
    assertEquals("[0.25,0.5]", json.get("thresholds").toString());
    String readme = Files.readString(out.resolve("README.md"));
    assertTrue(readme.contains("a sigmoid gives each label's probability"), readme);
    assertTrue(readme.contains("--tokenizer TOKENIZER --prefix"), readme);
  }

  @Test
  void logitsComeDividedByTheTemperature() throws Exception {
    ModelFolder raw = model(RandomNetwork.all().get(1));
    ModelFolder model = tempered(raw, 1.75);
    int[][] documents = RandomNetwork.documents();
    float[][] expected;
    try (OwnLogits own = new OwnLogits(raw)) {
      expected = Tempering.divided(own.of(documents), 1.75);
    }
    Path torch = exported(model, Program.TORCHSCRIPT);
    try (DjlModel djl = new DjlModel(torch)) {
      assertSame(expected, djl.logits(documents));
    }
    Path onnx = exported(model, Program.ONNX);
    assertSame(expected, onnxLogits(onnx.resolve("model.onnx"), documents));
    for (Path out : List.of(torch, onnx)) {
      String readme = Files.readString(out.resolve("README.md"));
      assertTrue(readme.contains("divided already by the temperature, 1.75; a softmax"), readme);
    }
  }

  private ModelFolder tempered(ModelFolder model, double temperature) throws IOException {
    Path copy = dir.resolve("tempered");
    Files.createDirectory(copy);
    try (var files = Files.list(model.path())) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    ModelConfig config = ModelConfig.of(model).withTemperature(temperature);
    Files.writeString(copy.resolve("config.json"), config.json());
    Sums.renew(copy);
    return ModelFolder.open(copy);
  }

  private static float[][] onnxLogits(Path file, int[][] documents) throws OrtException {
    int longest = Arrays.stream(documents).mapToInt(d -> d.length).max().orElseThrow();
    long[][] ids = new long[documents.length][longest];
    for (int d = 0; d < ids.length; d++) {
      for (int t = 0; t < documents[d].length; t++) {
        ids[d][t] = documents[d][t];
      }
    }
    long[] lengths = Arrays.stream(documents).mapToLong(d -> d.length).toArray();
    Engine.getEngine("OnnxRuntime"); // which must come first, or does not start in this JVM
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(file.toString());
        OnnxTensor first = OnnxTensor.createTensor(environment, ids);
        OnnxTensor second = OnnxTensor.createTensor(environment, lengths);
        OrtSession.Result result = session.run(Map.of("ids", first, "lengths", second))) {
      return (float[][]) result.get(0).getValue();
    }
  }

  @ParameterizedTest
  @EnumSource(Program.class)
  void theSameModelGivesTheSameBytes(Program program) throws IOException {
    ModelFolder model = model(RandomNetwork.all().get(0));
    Path first = NetworkExport.write(model, program, dir.resolve("a")).get(0);
    Path second = NetworkExport.write(model, program, dir.resolve("b")).get(0);
    assertEquals(-1, Files.mismatch(first, second));
  }

  @ParameterizedTest
  @EnumSource(Program.class)
  void weightsOfAnotherShapeAreRefusedAndNothingIsLeft(Program program) throws IOException {
    ModelFolder model = model(RandomNetwork.awdLstms().get(0));
    Path other =
        RandomNetwork.awdLstms().get(1).write(dir.resolve("other")).file("model.safetensors");
    Files.copy(other, model.file("model.safetensors"), StandardCopyOption.REPLACE_EXISTING);
    Path out = dir.resolve("out");
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> NetworkExport.write(model, program, out));
    assertEquals(UlmfitException.Kind.BAD_MODEL, e.kind());
    assertTrue(e.getMessage().contains("tensor 0.module.rnns.1."), e.getMessage());
    assertFalse(Files.exists(out));
  }

  /** More than protobuf's 2 GB is seen before anything is read. */
  @Test
  void anOnnxFileHoldsTwoGigabytes() {
    ModelFolder model = model(RandomNetwork.all().get(0));
    try (var file = Safetensors.Reader.open(model.file("model.safetensors"))) {
      OnnxGraph graph = new OnnxGraph(new NetworkWeights(file));
      graph.weight("small", new long[] {2}, () -> new float[2]);
      UlmfitException e =
          assertThrows(
              UlmfitException.class,
              () ->
                  graph.weight(
                      "large",
                      new long[] {1_400_000, 400},
                      () -> {
                        throw new AssertionError("read");
                      }));
      assertEquals(UlmfitException.Kind.USAGE, e.kind());
      assertTrue(e.getMessage().contains("take --format torchscript"), e.getMessage());
    }
  }
}
