package org.ulmfit.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ulmfit.random.NumpyRandom;

class LabelledSubsetTest {
  @Test
  void theFirstRowsWithRoomForEveryLabel() {
    int[][] labels = {{0}, {0}, {0}, {0}, {1}, {0}, {2}};
    assertArrayEquals(new int[] {0, 1, 4, 6}, LabelledSubset.of(labels, 4, null));
    assertArrayEquals(new int[] {0, 4, 6}, LabelledSubset.of(labels, 1, null));
    assertArrayEquals(IntStream.range(0, 7).toArray(), LabelledSubset.of(labels, 100, null));
  }

  @Test
  void aRowMayHaveSeveralLabelsOrNone() {
    int[][] labels = {{0, 1}, {1}, {}, {}, {2, 0}};
    assertArrayEquals(new int[] {0, 2, 4}, LabelledSubset.of(labels, 1, null));
  }

  @Test
  void shuffledSamplesAreSeededAndKeepTheOrder() {
    int[][] labels =
        IntStream.range(0, 1000).mapToObj(i -> new int[] {i == 999 ? 1 : 0}).toArray(int[][]::new);
    int[] sample = LabelledSubset.of(labels, 50, new NumpyRandom(3));
    assertEquals(50, sample.length);
    assertEquals(999, sample[49]);
    assertArrayEquals(sample, Arrays.stream(sample).sorted().toArray());
    assertArrayEquals(sample, LabelledSubset.of(labels, 50, new NumpyRandom(3)));
    assertTrue(!Arrays.equals(sample, LabelledSubset.of(labels, 50, new NumpyRandom(4))));
  }
}
