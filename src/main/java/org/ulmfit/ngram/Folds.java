package org.ulmfit.ngram;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ulmfit.UlmfitException;
import org.ulmfit.random.NumpyRandom;

/**
 * Rows shared out to folds of nearly one size, each with its part of every label: the rarest label
 * first, each row goes where that label is still missing most. Sechidis, Tsoumakas and Vlahavas
 * 2011, On the Stratification of Multi-label Data, with whole rows in place of shares.
 */
public final class Folds {
  private final Truth truth;
  private final int folds;
  private final int[] fold; // of each row; -1: not yet
  private final int[][] having; // (folds, labels) rows
  private final int[] size;

  private Folds(Truth truth, int folds) {
    this.truth = truth;
    this.folds = folds;
    this.fold = new int[truth.labels().length];
    this.having = new int[folds][truth.classes()];
    this.size = new int[folds];
  }

  /**
   * The fold of each row.
   *
   * @throws UlmfitException (usage) if there are fewer than two folds; (bad data) if there are
   *     fewer rows than folds
   */
  public static int[] of(Truth truth, int folds, long seed) {
    int rows = truth.labels().length;
    if (folds < 2) {
      throw UlmfitException.usage(folds + " folds: there must be at least 2");
    }
    if (rows < folds) {
      throw UlmfitException.badData(
          rows + " rows for " + folds + " folds: ask for fewer folds or give more rows");
    }
    return new Folds(truth, folds).share(new NumpyRandom(seed).permutation(rows));
  }

  private int[] share(int[] order) {
    Arrays.fill(fold, -1);
    int[] counts = new int[truth.classes()];
    for (int[] labels : truth.labels()) {
      for (int label : labels) {
        counts[label]++;
      }
    }
    int[] rarestFirst =
        IntStream.range(0, counts.length)
            .boxed()
            .sorted(Comparator.comparingInt((Integer label) -> counts[label]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] rank = new int[counts.length];
    for (int i = 0; i < rank.length; i++) {
      rank[rarestFirst[i]] = i;
    }
    int[][] byRarest = rowsByRarest(order, rank);
    for (int i = 0; i < byRarest.length; i++) {
      for (int row : byRarest[i]) {
        put(row, i < rank.length ? rarestFirst[i] : -1);
      }
    }
    return fold;
  }

  /** Rows by the rank of their rarest label; those without labels last. */
  private int[][] rowsByRarest(int[] order, int[] rank) {
    int[] own =
        IntStream.range(0, order.length)
            .map(
                row ->
                    Arrays.stream(truth.labels()[row])
                        .map(label -> rank[label])
                        .min()
                        .orElse(rank.length))
            .toArray();
    int[][] rows = new int[rank.length + 1][];
    int[] sizes = new int[rows.length];
    Arrays.stream(own).forEach(r -> sizes[r]++);
    for (int r = 0; r < rows.length; r++) {
      rows[r] = new int[sizes[r]];
    }
    Arrays.fill(sizes, 0);
    for (int row : order) {
      rows[own[row]][sizes[own[row]]++] = row;
    }
    return rows;
  }

  private void put(int row, int label) {
    int best = 0;
    for (int f = 1; f < folds; f++) {
      int fewer = label < 0 ? 0 : having[f][label] - having[best][label];
      if (fewer < 0 || fewer == 0 && size[f] < size[best]) {
        best = f;
      }
    }
    fold[row] = best;
    size[best]++;
    for (int own : truth.labels()[row]) {
      having[best][own]++;
    }
  }
}
