package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ulmfit.Golden;
import org.ulmfit.nn.Chunks.Rule;

class ChunksTest {

  private record Chunk(int start, int end, boolean kept) {}

  private static List<Chunk> chunks(int length, int bptt, int maxLength, Rule rule) {
    int firstKept = Chunks.firstKept(length, bptt, maxLength, rule);
    List<Chunk> chunks = new ArrayList<>();
    for (int start = 0; start < length; start += bptt) {
      chunks.add(new Chunk(start, Math.min(length, start + bptt), start >= firstKept));
    }
    return chunks;
  }

  private static List<Chunk> kept(int length, int bptt, int maxLength, Rule rule) {
    return chunks(length, bptt, maxLength, rule).stream().filter(Chunk::kept).toList();
  }

  static Stream<String> cases() {
    var keys = Golden.numeric("retention").properties().stream().map(e -> e.getKey()).toList();
    assertEquals(11, keys.size());
    return keys.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void chunksThatSurviveMaxLength(String key) {
    boolean v07 = key.startsWith("v07 ");
    int length = Integer.parseInt(key.substring(key.indexOf("sl=") + 3));
    int bptt = v07 ? 70 : 72;
    List<Chunk> kept = kept(length, bptt, 20 * bptt, v07 ? Rule.FASTAI_07 : Rule.FASTAI_2);
    var golden = Golden.numeric("retention", key);
    assertEquals(golden.get("first_kept").intValue(), kept.get(0).start());
    assertEquals(golden.get("n_chunks").intValue(), kept.size());
    int steps = kept.stream().mapToInt(chunk -> chunk.end() - chunk.start()).sum();
    assertEquals(golden.get("n_steps").intValue(), steps);
  }

  @Test
  void chunksOfTheMiniClassifier() {
    for (int maxLength : new int[] {100, 6}) {
      int[] starts =
          kept(7, 3, maxLength, Rule.FASTAI_07).stream().mapToInt(Chunk::start).toArray();
      String key = "kept_starts_maxseq" + maxLength;
      assertArrayEquals(Golden.ints(Golden.numeric("mini_clas", "v07", key)), starts);
    }
    assertEquals(
        List.of(new Chunk(0, 3, true), new Chunk(3, 6, true), new Chunk(6, 7, true)),
        chunks(7, 3, 100, Rule.FASTAI_2));
  }

  @Test
  void theRuleDecidesAsWritten() {
    for (int bptt = 1; bptt <= 5; bptt++) {
      for (int maxLength = 1; maxLength <= 12; maxLength++) {
        for (int length = 1; length <= 20; length++) {
          for (Rule rule : Rule.values()) {
            assertKept(chunks(length, bptt, maxLength, rule), length, bptt, maxLength, rule);
          }
        }
      }
    }
  }

  private static void assertKept(
      List<Chunk> chunks, int length, int bptt, int maxLength, Rule rule) {
    assertEquals(0, Chunks.firstKept(length, bptt, maxLength, rule) % bptt);
    for (Chunk chunk : chunks) {
      boolean last = chunk.end() == length;
      boolean keep =
          rule == Rule.FASTAI_07
              ? chunk.start() > length - maxLength
              : length - chunk.start() <= maxLength;
      assertEquals(keep || last, chunk.kept());
    }
  }

  @Test
  void aTextHasAtLeastOneToken() {
    assertThrows(
        IllegalArgumentException.class, () -> Chunks.firstKept(0, 70, 1400, Rule.FASTAI_2));
  }
}
