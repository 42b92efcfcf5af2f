package org.ulmfit.prepare;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ulmfit.random.NumpyRandom;

/** Rows shared out to folds of nearly one size, each with its part of every label. */
final class Folds {

  private Folds() {}

  /**
   * The fold of each row, from 0; -1: it must never be held out, as one of its labels is in no
   * other fold.
   *
   * @param rows labels of each row, below {@code names}
   * @param folds as many as there are rows at most
   */
  static int[] of(int[][] rows, int names, int folds, NumpyRandom random) {
    int[] fold = new int[rows.length];
    int[] left = IntStream.range(0, rows.length).toArray();
    for (int f = 0; f < folds - 1; f++) {
      int[][] labels = Arrays.stream(left).mapToObj(row -> rows[row]).toArray(int[][]::new);
      boolean[] held = new boolean[rows.length];
      for (int at : Stratification.holdOut(labels, names, 1.0 / (folds - f), random)) {
        fold[left[at]] = f;
        held[left[at]] = true;
      }
      left = Arrays.stream(left).filter(row -> !held[row]).toArray();
    }
    for (int row : left) {
      fold[row] = folds - 1;
    }
    boolean[][] has = new boolean[names][folds];
    for (int row = 0; row < rows.length; row++) {
      for (int label : rows[row]) {
        has[label][fold[row]] = true;
      }
    }
    return IntStream.range(0, rows.length)
        .map(row -> Arrays.stream(rows[row]).anyMatch(l -> count(has[l]) < 2) ? -1 : fold[row])
        .toArray();
  }

  private static int count(boolean[] flags) {
    int count = 0;
    for (boolean flag : flags) {
      count += flag ? 1 : 0;
    }
    return count;
  }
}
