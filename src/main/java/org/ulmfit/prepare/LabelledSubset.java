package org.ulmfit.prepare;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.random.NumpyRandom;

/** A small part of many rows in which every label still occurs. */
final class LabelledSubset {
  private static final int NONE = Integer.MIN_VALUE;

  private LabelledSubset() {}

  /**
   * Positions to keep, ascending: the first rows of a shuffled order, room kept for the first row
   * of every label.
   *
   * @param labels labels of each row; rows without any are kept as if they had one of their own
   * @param limit rows to keep; more if there are more labels
   * @param random shuffles the order first; null: the order as it is
   */
  static int[] of(int[][] labels, int limit, @Nullable NumpyRandom random) {
    int n = labels.length;
    int[] order = random == null ? IntStream.range(0, n).toArray() : random.permutation(n);
    boolean[] kept = new boolean[n];
    Set<Integer> met = new HashSet<>();
    int count = 0;
    for (int row : order) {
      if (addsTo(met, labels[row])) {
        kept[row] = true;
        count++;
      }
    }
    for (int i = 0; i < n && count < limit; i++) {
      if (!kept[order[i]]) {
        kept[order[i]] = true;
        count++;
      }
    }
    return IntStream.range(0, n).filter(row -> kept[row]).toArray();
  }

  private static boolean addsTo(Set<Integer> met, int[] labels) {
    boolean added = labels.length == 0 && met.add(NONE);
    for (int label : labels) {
      added |= met.add(label);
    }
    return added;
  }
}
