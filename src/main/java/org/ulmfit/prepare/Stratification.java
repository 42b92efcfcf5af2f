package org.ulmfit.prepare;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.ulmfit.random.NumpyRandom;

/**
 * Iterative stratification of rows with several labels into two parts (Sechidis, Tsoumakas and
 * Vlahavas 2011, "On the Stratification of Multi-Label Data", algorithm 1): the label with the
 * fewest rows left is shared out first, each of its rows to the part that still needs more of that
 * label. Rows without a label are shared out as if they had one of their own.
 *
 * <p>Beyond the algorithm the parts get their sizes exactly, unless rare labels need more, and no
 * label is left out of the part that must have all of them. Time: rows × labels of a row × log of
 * the number of labels.
 */
final class Stratification {
  private static final int PICKED = 0;
  private static final int REST = 1;

  private final int[][] labels; // of each row, one of them beyond the labels if it has none
  private final boolean held;
  private final int sure; // the part that must have every label
  private final int[] total; // rows of each label
  private final int[] left; // of them, those in no part yet
  private final int[][] placed; // by part and label
  private final double[][] need; // by part and label: rows that it should still get
  private final int[] room; // by part
  private final boolean[] picked;

  private Stratification(int[][] rows, int names, int size, boolean held) {
    this.labels = new int[rows.length][];
    this.held = held;
    this.sure = held ? REST : PICKED;
    this.total = new int[names + 1];
    for (int row = 0; row < rows.length; row++) {
      int[] known = Arrays.stream(rows[row]).filter(label -> label >= 0).toArray();
      labels[row] = known.length == 0 ? new int[] {names} : known;
      for (int label : labels[row]) {
        total[label]++;
      }
    }
    this.left = total.clone();
    this.placed = new int[2][names + 1];
    this.need = new double[2][names + 1];
    this.room = new int[] {size, rows.length - size};
    this.picked = new boolean[rows.length];
    double share = (double) size / rows.length;
    for (int label = 0; label <= names; label++) {
      double wanted = share * total[label];
      need[PICKED][label] = held && total[label] > 1 ? Math.max(1, wanted) : wanted;
      need[REST][label] = total[label] - need[PICKED][label];
    }
  }

  /**
   * Positions of rows to hold out, ascending: as many as the share comes to, more only where rare
   * labels need it. A label of two rows or more is among them and among the others, where rows that
   * have several labels allow both; it is always among the others.
   *
   * @param rows labels of each row, below {@code names}; negative ones are not looked at
   * @param share of the rows; 0: none
   */
  static int[] holdOut(int[][] rows, int names, double share, NumpyRandom random) {
    int n = rows.length;
    if (share <= 0 || n < 2) {
      return new int[0];
    }
    int size = (int) Math.min(n - 1, Math.max(1, Math.round(share * n)));
    return new Stratification(rows, names, size, true).run(random);
  }

  /**
   * Positions of a sample, ascending, in which every label occurs.
   *
   * @param size rows of it; more if there are more labels
   */
  static int[] sample(int[][] rows, int names, int size, NumpyRandom random) {
    return size >= rows.length
        ? IntStream.range(0, rows.length).toArray()
        : new Stratification(rows, names, size, false).run(random);
  }

  private int[] run(NumpyRandom random) {
    int[][] rowsOf = rowsOf(random.permutation(labels.length));
    int[] rank = random.permutation(total.length); // between labels with as many rows
    boolean[] done = new boolean[labels.length];
    TreeSet<Integer> open =
        new TreeSet<>(
            Comparator.<Integer>comparingInt(label -> left[label])
                .thenComparingInt(label -> rank[label]));
    IntStream.range(0, total.length).filter(label -> total[label] > 0).forEach(open::add);
    Set<Integer> changed = new HashSet<>();
    for (Integer label = open.pollFirst(); label != null; label = open.pollFirst()) {
      for (int row : rowsOf[label]) {
        if (!done[row]) {
          for (int other : labels[row]) {
            if (other != label && changed.add(other)) {
              open.remove(other); // its place in the order depends on what is left of it
            }
          }
          done[row] = true;
          place(row, part(label, row));
        }
      }
      changed.stream().filter(other -> left[other] > 0).forEach(open::add);
      changed.clear();
    }
    return IntStream.range(0, picked.length).filter(row -> picked[row]).toArray();
  }

  /** The rows of each label, in the order given. */
  private int[][] rowsOf(int[] order) {
    int[][] rowsOf = Arrays.stream(total).mapToObj(int[]::new).toArray(int[][]::new);
    int[] filled = new int[total.length];
    for (int row : order) {
      for (int label : labels[row]) {
        rowsOf[label][filled[label]++] = row;
      }
    }
    return rowsOf;
  }

  private int part(int label, int row) {
    for (int own : labels[row]) {
      if (left[own] == 1 && placed[sure][own] == 0) {
        return sure; // its last row
      }
    }
    boolean rare = held && total[label] > 1 && placed[PICKED][label] == 0;
    if (room[PICKED] <= 0 && !rare) {
      return REST;
    }
    if (room[REST] <= 0) {
      return PICKED;
    }
    int byNeed = Double.compare(need[PICKED][label], need[REST][label]);
    int byRoom = Integer.compare(room[PICKED], room[REST]);
    return byNeed > 0 || byNeed == 0 && byRoom > 0 ? PICKED : REST;
  }

  private void place(int row, int part) {
    picked[row] = part == PICKED;
    room[part]--;
    for (int label : labels[row]) {
      left[label]--;
      placed[part][label]++;
      need[part][label]--;
    }
  }
}
