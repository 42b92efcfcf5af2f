package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ulmfit.CardParts;
import org.ulmfit.Stop;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.train.Evaluation;

/** The language model that ships in {@code pretrained/}. */
@Tag("engine")
class WikiSmallTest {
  private static final Path DIR = Path.of("pretrained/wiki-small");
  private static final long MOST_BYTES = 32_000_000;

  @Test
  void isCompleteAndSmall() throws IOException {
    ModelFolder folder = ModelFolder.open(DIR, "lm");
    long bytes = 0;
    for (String name : folder.files()) {
      bytes += Files.size(folder.file(name));
    }
    assertTrue(bytes < MOST_BYTES, bytes + " bytes");
    try (Safetensors.Reader file = Safetensors.Reader.open(folder.file("model.safetensors"))) {
      file.tensors()
          .values()
          .forEach(t -> assertEquals(Safetensors.DType.F16, t.dtype(), t.name()));
    }
  }

  @Test
  void theCardStatesWhatWasMeasured() throws IOException {
    ModelFolder folder = ModelFolder.open(DIR, "lm");
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

  /** Text of another kind, the sample's short reviews: 277 measured, over 30,008 words. */
  @Test
  void predictsEnglish() {
    Path reviews = Path.of("src/main/resources/org/ulmfit/sample/test.jsonl");
    Evaluation result =
        LmEvaluation.run(DIR, Corpus.at(reviews), "cpu", "fp32", 0, line -> {}, new Stop());
    assertTrue(Math.exp(result.loss()) < 300, "perplexity " + Math.exp(result.loss()));
  }
}
