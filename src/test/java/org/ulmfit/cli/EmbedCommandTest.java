package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.predict.TextClassifier;

/** {@code embed}, and {@code TextClassifier.embed}, on a tiny model. */
@Tag("engine")
class EmbedCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int WIDTH = 3 * 12; // last, greatest, mean of the embedding's size
  private static TinyRun.Output run;

  @TempDir Path dir;

  @BeforeAll
  static void train() {
    run = TinyRun.get();
  }

  private static Cli.Output embed(String texts, String... options) {
    String[] command = new String[options.length + 2];
    command[0] = "embed";
    command[1] = "" + run.classifier();
    System.arraycopy(options, 0, command, 2, options.length);
    return Cli.run(texts.getBytes(StandardCharsets.UTF_8), command);
  }

  @Test
  void everyRowHasAVectorThatDependsOnNoOther() throws Exception {
    String texts = "a good film\nthe worst film I have ever seen\n\na good film\n";
    List<String> lines = embed(texts).ok().lines();
    float[][] vectors = new float[lines.size()][];
    for (int i = 0; i < vectors.length; i++) {
      JsonNode row = JSON.readTree(lines.get(i));
      assertEquals("" + (i + 1), row.get("id").asText());
      vectors[i] = new float[row.get("vector").size()];
      for (int j = 0; j < vectors[i].length; j++) {
        vectors[i][j] = (float) row.get("vector").get(j).asDouble();
      }
      assertEquals(WIDTH, vectors[i].length);
    }
    assertArrayEquals(vectors[0], vectors[vectors.length - 1], 1e-6f);
    assertFalse(Arrays.equals(vectors[0], vectors[1]));
    try (TextClassifier classifier = TextClassifier.load(run.classifier())) {
      assertArrayEquals(vectors[0], classifier.embed("a good film"), 1e-6f);
      float[] v = vectors[0];
      for (int i = 0; i < WIDTH / 3; i++) { // a greatest is no less than the last and the mean
        assertTrue(
            v[WIDTH / 3 + i] >= v[i] - 1e-6f && v[WIDTH / 3 + i] >= v[2 * WIDTH / 3 + i] - 1e-6f);
      }
      assertThrows(NullPointerException.class, () -> classifier.embed(null));
    }
  }

  @Test
  void theMatrixIsNumPys() throws Exception {
    Path out = dir.resolve("vectors.npy");
    Cli.Output output = embed("one text\nanother\n", "--out=" + out).ok();
    assertEquals("", output.out());
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[8];
    bytes.get(magic);
    assertArrayEquals(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, magic);
    byte[] head = new byte[bytes.getShort()];
    bytes.get(head);
    assertEquals(0, bytes.position() % 64);
    assertEquals(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, " + WIDTH + "), }",
        new String(head, StandardCharsets.US_ASCII).strip());
    assertEquals(2 * WIDTH * Float.BYTES, bytes.remaining());
    float[] first = new float[WIDTH];
    bytes.asFloatBuffer().get(first);
    try (TextClassifier classifier = TextClassifier.load(run.classifier())) {
      assertArrayEquals(classifier.embed("one text"), first, 1e-6f);
    }
    assertTrue(embed("a\n", "--out=" + out).error(2).contains("is there"));
    assertTrue(embed("a\n", "--out=" + dir.resolve("v.csv")).error(2).contains("*.npy"));
  }

  @Test
  void whatMakesNoVectorsIsRefused() {
    Path ngrams = dir.resolve("ngrams");
    Cli.run("classify", "" + run.corpus(), "--family=ngram-nbsvm", "--out=" + ngrams).ok();
    String line = Cli.run("a\n".getBytes(StandardCharsets.UTF_8), "embed", "" + ngrams).error(2);
    assertTrue(line.contains("makes no vector"), line);
    line =
        Cli.run("a\n".getBytes(StandardCharsets.UTF_8), "embed", "" + TinyEnsemble.get().ensemble())
            .error(2);
    assertTrue(line.contains("one of the models that it was made of"), line);
  }
}
