package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.ulmfit.random.NumpyRandom;

class BatchesPropertyTest {

  @Property
  void nothingIsLostAndNothingExceedsTheBounds(
      @ForAll @From("lengths") int[] lengths,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(max = 200) int maxTokens,
      @ForAll @IntRange int seed) {
    int[] order = new NumpyRandom(seed).permutation(lengths.length);
    for (var batches :
        List.of(
            Batches.cut(order, lengths, rows, maxTokens),
            Batches.cutForTraining(order, lengths, rows, maxTokens))) {
      assertArrayEquals(order, batches.stream().flatMapToInt(IntStream::of).toArray());
      for (int[] batch : batches) {
        assertTrue(batch.length >= 1 && batch.length <= rows);
        int longest = Arrays.stream(batch).map(doc -> lengths[doc]).max().orElseThrow();
        assertTrue(maxTokens == 0 || batch.length == 1 || batch.length * longest <= maxTokens);
      }
    }
  }

  @Property
  void theBoundariesOfTheSamplerStay(
      @ForAll @From("lengths") int[] lengths,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 200) int maxTokens) {
    int[] order = Samplers.sorted(lengths, true);
    int at = 0;
    for (int[] batch : Batches.cut(order, lengths, rows, maxTokens)) {
      assertTrue(at / rows == (at + batch.length - 1) / rows);
      at += batch.length;
    }
  }

  @Property
  void withoutATokenBoundNoDocumentTrainsAlone(
      @ForAll @From("lengths") int[] lengths, @ForAll @IntRange(min = 3, max = 9) int rows) {
    int[] order = IntStream.range(0, lengths.length).toArray();
    for (int[] batch : Batches.cutForTraining(order, lengths, rows, 0)) {
      assertTrue(batch.length > 1 || lengths.length == 1);
    }
  }

  @Provide
  Arbitrary<int[]> lengths() {
    return Arbitraries.integers().between(0, 60).array(int[].class).ofMaxSize(60);
  }
}
