package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ulmfit.CardParts;
import org.ulmfit.Stop;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.train.Evaluation;

/** The language models that ship in {@code pretrained/}, one for each direction. */
@Tag("engine")
class WikiSmallTest {
  private static final Path FORWARD = Path.of("pretrained/wiki-small");
  private static final Path BACKWARD = Path.of("pretrained/wiki-small-backward");
  private static final long MOST_BYTES = 16_000_000;

  static List<Path> both() {
    return List.of(FORWARD, BACKWARD);
  }

  @Test
  void eachReadsItsWayAndBothHaveTheSameWords() throws IOException {
    assertFalse(ModelConfig.of(ModelFolder.open(FORWARD, "lm")).backward());
    assertTrue(ModelConfig.of(ModelFolder.open(BACKWARD, "lm")).backward());
    assertEquals(-1, Files.mismatch(FORWARD.resolve("vocab.txt"), BACKWARD.resolve("vocab.txt")));
  }

  @ParameterizedTest
  @MethodSource("both")
  void isCompleteAndSmall(Path dir) throws IOException {
    ModelFolder folder = ModelFolder.open(dir, "lm");
    long bytes = 0;
    for (String name : folder.files()) {
      bytes += Files.size(folder.file(name));
    }
    assertTrue(bytes < MOST_BYTES, bytes + " bytes");
    try (Safetensors.Reader file = Safetensors.Reader.open(folder.file("model.safetensors"))) {
      file.tensors()
          .values()
          .forEach(t -> assertEquals(stored(t.shape().length), t.dtype(), t.name()));
    }
  }

  private static Safetensors.DType stored(int dimensions) {
    return dimensions == 2 ? Safetensors.DType.I8 : Safetensors.DType.F32;
  }

  @ParameterizedTest
  @MethodSource("both")
  void theCardStatesWhatWasMeasured(Path dir) throws IOException {
    ModelFolder folder = ModelFolder.open(dir, "lm");
    JsonNode metrics = new ObjectMapper().readTree(folder.file("metrics.json").toFile());
    String card = Files.readString(folder.file("README.md"));
    String perplexity =
        String.format(Locale.ROOT, "%.2f", metrics.get("after.perplexity").asDouble());
    assertTrue(card.contains(perplexity), perplexity);
    assertTrue(card.contains("CC BY-SA"));
    CardParts parts = CardParts.of(card);
    assertEquals("cc-by-sa-3.0", parts.header().get("license"));
    double held = CardParts.metric(parts.results().get(0), "perplexity");
    assertEquals(metrics.get("after.perplexity").asDouble(), held, 5e-3);
  }

  /** Text of another kind, the sample's short reviews: 262 and 227 measured, over 30,008 words. */
  @ParameterizedTest
  @MethodSource("both")
  void predictsEnglish(Path dir) {
    Path reviews = Path.of("src/main/resources/org/ulmfit/sample/test.jsonl");
    Evaluation result =
        LmEvaluation.run(dir, Corpus.at(reviews), "cpu", "fp32", 0, line -> {}, new Stop());
    assertTrue(Math.exp(result.loss()) < 300, "perplexity " + Math.exp(result.loss()));
  }
}
