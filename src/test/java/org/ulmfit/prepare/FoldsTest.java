package org.ulmfit.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ulmfit.random.NumpyRandom;

/** Rows in folds: even, reproducible, and never without a label that others need. */
class FoldsTest {

  private static int[][] several(Random random, int rows, int names) {
    return IntStream.range(0, rows)
        .mapToObj(row -> IntStream.range(0, names).filter(k -> random.nextInt(4) == 0).toArray())
        .toArray(int[][]::new);
  }

  private static int[][] single(Random random, int rows, int names) {
    return IntStream.range(0, rows)
        .mapToObj(row -> new int[] {random.nextInt(names)})
        .toArray(int[][]::new);
  }

  @Test
  void everyLabelIsSharedOutEvenly() {
    Random random = new Random(1);
    for (int[][] rows : new int[][][] {single(random, 103, 3), several(random, 200, 5)}) {
      int[] fold = Folds.of(rows, 5, 4, new NumpyRandom(7));
      assertArrayEquals(fold, Folds.of(rows, 5, 4, new NumpyRandom(7)));
      for (int f = 0; f < 4; f++) {
        int own = f;
        long size = Arrays.stream(fold).filter(of -> of == own).count();
        assertEquals(rows.length / 4.0, size, 1);
        for (int label = 0; label < 3; label++) {
          int l = label;
          long all = Arrays.stream(rows).filter(row -> has(row, l)).count();
          long here =
              IntStream.range(0, rows.length)
                  .filter(r -> fold[r] == own && has(rows[r], l))
                  .count();
          assertEquals(all / 4.0, here, 3);
        }
      }
    }
  }

  private static boolean has(int[] row, int label) {
    return Arrays.stream(row).anyMatch(own -> own == label);
  }

  @Test
  void whatIsHeldOutLeavesEveryLabelBehind() {
    Random random = new Random(2);
    for (int trial = 0; trial < 200; trial++) {
      int n = 6 + random.nextInt(40);
      int[][] rows = random.nextBoolean() ? single(random, n, 9) : several(random, n, 9);
      int k = 2 + random.nextInt(5);
      int[] fold = Folds.of(rows, 9, k, new NumpyRandom(trial));
      for (int f = 0; f < k; f++) {
        int own = f;
        for (int row = 0; row < n; row++) {
          for (int label : fold[row] == own ? rows[row] : new int[0]) {
            assertTrue(
                IntStream.range(0, n).anyMatch(r -> fold[r] != own && has(rows[r], label)),
                "fold " + f + " has the last rows of label " + label);
          }
        }
      }
    }
  }

  @Test
  void theOnlyRowOfALabelIsNeverHeldOut() {
    int[][] rows = {{0}, {0}, {1}, {0}, {2, 0}, {0}};
    int[] fold = Folds.of(rows, 3, 2, new NumpyRandom(3));
    assertEquals(-1, fold[2]);
    assertEquals(-1, fold[4]);
    assertEquals(4, Arrays.stream(fold).filter(f -> f >= 0).count());
  }
}
