package org.ulmfit.vocab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ulmfit.UlmfitException;

/** Golden section 4: remapping of pretrained rows. */
class RemapTest {
  private static final float TOLERANCE = 1e-6f;
  private static final Vocab OLD = Vocab.of(List.of("_unk_", "_pad_", "the", "cat", "sat"));
  private static final Vocab NEW = Vocab.of(List.of("_unk_", "_pad_", "cat", "dog", "the", "sat"));
  private static final float[] ROWS = {.1f, .2f, .3f, .4f, 1, 2, 3, 4, 5, 6}; // (5, 2)
  private static JsonNode golden;

  @BeforeAll
  static void readGolden() throws Exception {
    try (InputStream in = RemapTest.class.getResourceAsStream("/golden/golden_numeric.json")) {
      golden = new ObjectMapper().readTree(in).get("remap");
    }
  }

  @Test
  void rowsAsInEveryRepository() {
    Remap.Result result = Remap.rows(ROWS, 2, OLD, NEW, false, false);
    assertArrayEquals(floats(golden.get("repo_r_ge_0")), result.rows(), TOLERANCE);
    assertEquals(5, result.typesMatched());
    assertArrayEquals(new boolean[] {true, true, true, false, true, true}, result.matched());
  }

  @Test
  void rowsAsPrintedInTheLesson() {
    Remap.Result result = Remap.rows(ROWS, 2, OLD, NEW, true, false);
    assertArrayEquals(floats(golden.get("seed_r_gt_0")), result.rows(), TOLERANCE);
    assertEquals(4, result.typesMatched());
  }

  @Test
  void biasIsARowOfWidthOne() {
    float[] bias = {.5f, -.5f, 1, 2, 3};
    Remap.Result result = Remap.rows(bias, 1, OLD, NEW, false, false);
    assertArrayEquals(floats(golden.get("bias_v1_v2")), result.rows(), TOLERANCE);
  }

  @Test
  void specialsOfOtherProfilesMatchOnRequestOnly() {
    Vocab modern = Vocab.of(List.of("xxunk", "xxpad", "xxmaj", "the"));
    assertEquals(1, Remap.rows(ROWS, 2, OLD, modern, false, false).typesMatched());
    Remap.Result aliased = Remap.rows(ROWS, 2, OLD, modern, false, true);
    assertEquals(3, aliased.typesMatched());
    assertArrayEquals(
        new float[] {.1f, .2f, .3f, .4f, 1.88f, 2.52f, 1, 2}, aliased.rows(), TOLERANCE);
    Vocab old07 = Vocab.of(List.of("xxunk", "xxpad", "xxbos", "xxup", "xxrep"));
    Vocab new07 = Vocab.of(List.of("_unk_", "_pad_", "t_up", "tk_rep", "xbos"));
    assertEquals(5, Remap.rows(ROWS, 2, old07, new07, false, true).typesMatched());
  }

  @Test
  void theMeanIsAccumulatedInDouble() {
    int rows = 238_462; // WikiText-103's vocabulary
    float[] old = new float[rows];
    Arrays.fill(old, 0.1f);
    List<String> words = IntStream.range(0, rows).mapToObj(i -> "w" + i).toList();
    Remap.Result result = Remap.rows(old, 1, Vocab.of(words), NEW, false, false);
    assertEquals(0.1f, result.rows()[0], 1e-9f);
  }

  @Test
  void theLineTellsTypesAndTokens() {
    Remap.Result result = Remap.rows(ROWS, 2, OLD, NEW, false, false);
    String line = result.describe(new long[] {0, 0, 6, 1, 2, 1});
    assertTrue(line.contains("3 of 4 types (75.0%)"), line);
    assertTrue(line.contains("9 of 10 tokens (90.0%; 0 are unknown"), line);
  }

  /** Its row is taken over, but no word was found: text in another language is not "matched". */
  @Test
  void anUnknownTokenIsNeverMatchedAndSpecialsAreNotCounted() {
    List<String> words = List.of("xxunk", "xxpad", "xxbos", "xxmaj", "the", "film", "xxfake");
    Vocab vocab = Vocab.of(words);
    Remap.Result result = Remap.rows(new float[7], 1, vocab, vocab, false, false);
    assertEquals(7, result.typesMatched());
    String foreign = result.describe(new long[] {162, 0, 162, 0, 0, 0, 0});
    assertTrue(foreign.contains("2 of 2 types (100.0%) and 0 of 162 tokens (0.0%; 162"), foreign);
    String mixed = result.describe(new long[] {1, 0, 9, 9, 2, 1, 0});
    assertTrue(mixed.contains("3 of 4 tokens (75.0%; 1 are unknown"), mixed);
    Vocab old = Vocab.of(List.of("_unk_", "_pad_", "xbos", "t_up", "the"));
    String aliased = Remap.rows(new float[5], 1, old, vocab, false, true).describe(new long[7]);
    assertTrue(aliased.contains("1 of 2 types (50.0%) and 0 of 0 tokens"), aliased);
  }

  @Test
  void rowsThatDoNotFitTheVocabularyAreRefused() {
    assertThrows(UlmfitException.class, () -> Remap.rows(new float[8], 2, OLD, NEW, false, false));
  }

  private static float[] floats(JsonNode array) {
    List<Float> flat = new ArrayList<>();
    array.forEach(
        row -> {
          if (row.isArray()) {
            row.forEach(cell -> flat.add((float) cell.asDouble()));
          } else {
            flat.add((float) row.asDouble());
          }
        });
    float[] values = new float[flat.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = flat.get(i);
    }
    return values;
  }
}
