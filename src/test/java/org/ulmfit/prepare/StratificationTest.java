package org.ulmfit.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ulmfit.random.NumpyRandom;

/** Parts of rows with several labels keep the share of each label, rare ones above all. */
class StratificationTest {

  /** Rows as they are: labels of very different frequency, some of them together. */
  private static int[][] rows(int n, int names, double none, long seed) {
    Random random = new Random(seed);
    int[][] rows = new int[n][];
    for (int row = 0; row < n; row++) {
      BitSet labels = new BitSet();
      if (random.nextDouble() >= none) {
        do { // geometric: each label half as frequent as the one before, roughly
          int label = Math.min(names - 1, (int) (-Math.log(random.nextDouble()) * names / 6));
          labels.set(label);
        } while (random.nextDouble() < 0.3);
      }
      rows[row] = labels.stream().toArray();
    }
    return rows;
  }

  private static int[] count(int[][] rows, int names, IntStream chosen) {
    int[] count = new int[names + 1];
    chosen.forEach(
        row -> {
          Arrays.stream(rows[row]).forEach(label -> count[label]++);
          count[names] += rows[row].length == 0 ? 1 : 0;
        });
    return count;
  }

  /** Rows that rare labels get beyond their share, at the cost of others. */
  private static double forRare(int[] all, double share) {
    return Arrays.stream(all)
        .filter(count -> count > 0)
        .mapToDouble(count -> Math.max(0, 1 - share * count))
        .sum();
  }

  private static int[] rest(int n, int[] picked) {
    return IntStream.range(0, n).filter(i -> Arrays.binarySearch(picked, i) < 0).toArray();
  }

  @Test
  void holdOutsKeepTheSharesAndLoseNothing() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      int n = 200 + random.nextInt(2000);
      int names = 1 + random.nextInt(20);
      double share = 0.05 + random.nextDouble() * 0.4;
      int[][] rows = rows(n, names, random.nextDouble() * 0.5, seed);
      int[] held = Stratification.holdOut(rows, names, share, new NumpyRandom(seed));
      int size = (int) Math.round(share * n);
      String what = "seed " + seed;
      assertEquals(held.length, Arrays.stream(held).distinct().count(), what);
      assertArrayEquals(held, Arrays.stream(held).sorted().toArray(), what);
      int[] all = count(rows, names, IntStream.range(0, n));
      int rare = (int) Arrays.stream(all).filter(c -> c > 1 && c * share < 1).count();
      assertTrue(held.length >= size && held.length <= size + rare, what + ": " + held.length);
      int[] there = count(rows, names, Arrays.stream(held));
      int[] train = count(rows, names, Arrays.stream(rest(n, held)));
      for (int label = 0; label <= names; label++) {
        assertEquals(all[label], there[label] + train[label]);
        assertEquals(all[label] > 0, train[label] > 0, what + ", label " + label);
        double off = Math.abs(there[label] - Math.max(share * all[label], all[label] > 1 ? 1 : 0));
        // rows without a label make up the size that is left
        double allowed = 2 + (label < names ? 0.02 : 0.08) * all[label] + forRare(all, share);
        assertTrue(off <= allowed, what + ", label " + label + ": " + off + " of " + all[label]);
      }
    }
  }

  /** Two rows of a label that no other shares: one on each side, of however many labels. */
  @Test
  void rareLabelsAreOnBothSides() {
    int names = 300;
    int[][] rows = new int[2 * names + 100][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = row < 2 * names ? new int[] {row / 2} : new int[] {names};
    }
    int[] held = Stratification.holdOut(rows, names + 1, 0.1, new NumpyRandom(3));
    int[] there = count(rows, names + 1, Arrays.stream(held));
    for (int label = 0; label < names; label++) {
      assertEquals(1, there[label], "label " + label);
    }
    assertTrue(there[names] <= 10);
  }

  @Test
  void aLabelOfOneRowTrains() {
    int[][] rows = new int[40][];
    Arrays.fill(rows, new int[] {0});
    for (int i = 0; i < 10; i++) {
      rows[i] = new int[] {0, 1 + i};
    }
    for (int seed = 0; seed < 20; seed++) {
      int[] held = Stratification.holdOut(rows, 11, 0.5, new NumpyRandom(seed));
      assertEquals(20, held.length);
      assertTrue(Arrays.stream(held).allMatch(row -> row >= 10));
    }
  }

  /** Labels that exclude each other's wish: no label is lost for training. */
  @Test
  void trainingHasEveryLabelHoweverTheyAreTangled() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      int n = 2 + random.nextInt(12);
      int names = 1 + random.nextInt(8);
      int[][] rows = new int[n][];
      for (int row = 0; row < n; row++) {
        rows[row] = IntStream.range(0, names).filter(l -> random.nextInt(3) == 0).toArray();
      }
      int[] held = Stratification.holdOut(rows, names, 0.5, new NumpyRandom(seed));
      int[] all = count(rows, names, IntStream.range(0, n));
      boolean everyRowAlone =
          Arrays.stream(rows)
              .map(row -> row.length == 0 ? new int[] {names} : row)
              .allMatch(row -> Arrays.stream(row).anyMatch(label -> all[label] == 1));
      assertTrue(held.length < n && (held.length > 0 || everyRowAlone), "seed " + seed);
      int[] train = count(rows, names, Arrays.stream(rest(n, held)));
      for (int label = 0; label < names; label++) {
        assertEquals(all[label] > 0, train[label] > 0, "seed " + seed + ", label " + label);
      }
    }
  }

  @Test
  void samplesHaveEveryLabel() {
    for (int seed = 0; seed < 40; seed++) {
      int n = 300 + 10 * seed;
      int[][] rows = rows(n, 12, 0.2, seed);
      int[] sample = Stratification.sample(rows, 12, 100, new NumpyRandom(seed));
      assertEquals(100, sample.length);
      int[] all = count(rows, 12, IntStream.range(0, n));
      int[] there = count(rows, 12, Arrays.stream(sample));
      for (int label = 0; label <= 12; label++) {
        assertEquals(all[label] > 0, there[label] > 0, "seed " + seed + ", label " + label);
        double off = Math.abs(there[label] - 100.0 / n * all[label]);
        // the most frequent label makes up the size that is left
        double allowed = (label == 0 ? 10 : 4) + forRare(all, 100.0 / n);
        assertTrue(off <= allowed, "seed " + seed + ", label " + label + ": " + off);
      }
    }
    int[][] few = rows(30, 5, 0, 1);
    assertEquals(30, Stratification.sample(few, 5, 30, new NumpyRandom(1)).length);
    int[][] each = IntStream.range(0, 20).mapToObj(i -> new int[] {i}).toArray(int[][]::new);
    assertEquals(20, Stratification.sample(each, 20, 5, new NumpyRandom(1)).length);
  }

  @Test
  void nothingIsHeldOutOfNothing() {
    int[][] rows = rows(50, 3, 0, 1);
    assertEquals(0, Stratification.holdOut(rows, 3, 0, new NumpyRandom(1)).length);
    assertEquals(0, Stratification.holdOut(new int[][] {{0}}, 1, 0.5, new NumpyRandom(1)).length);
    assertEquals(0, Stratification.holdOut(new int[0][], 1, 0.5, new NumpyRandom(1)).length);
  }

  @Test
  void theSameSeedIsTheSameSplit() {
    int[][] rows = rows(500, 10, 0.1, 1);
    int[] one = Stratification.holdOut(rows, 10, 0.2, new NumpyRandom(5));
    assertArrayEquals(one, Stratification.holdOut(rows, 10, 0.2, new NumpyRandom(5)));
    assertFalse(Arrays.equals(one, Stratification.holdOut(rows, 10, 0.2, new NumpyRandom(6))));
  }

  @Test
  void isTheAlgorithmAsItIsWritten() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      int n = 2 + random.nextInt(60);
      int names = 1 + random.nextInt(7);
      double share = 0.1 + random.nextDouble() * 0.5;
      int[][] rows = rows(n, names, 0.2, seed);
      assertArrayEquals(
          Plain.holdOut(rows, names, share, new NumpyRandom(seed)),
          Stratification.holdOut(rows, names, share, new NumpyRandom(seed)),
          "seed " + seed);
    }
  }

  /** Neither needs more than the rows and their labels: a million of them in seconds. */
  @Test
  void aMillionRowsAreNoMatter() {
    int[][] rows = rows(1_000_000, 200, 0.1, 1);
    long start = System.nanoTime();
    int[] held = Stratification.holdOut(rows, 200, 0.1, new NumpyRandom(1));
    double seconds = (System.nanoTime() - start) / 1e9;
    assertEquals(100_000, held.length);
    assertTrue(seconds < 60, seconds + " s");
  }

  /** Everything counted anew at every step. */
  private static final class Plain {
    static int[] holdOut(int[][] given, int names, double share, NumpyRandom random) {
      int n = given.length;
      int size = (int) Math.min(n - 1, Math.max(1, Math.round(share * n)));
      double part = (double) size / n;
      List<List<Integer>> rows = new ArrayList<>();
      for (int[] labels : given) {
        rows.add(labels.length == 0 ? List.of(names) : Arrays.stream(labels).boxed().toList());
      }
      int[] order = random.permutation(n);
      int[] rank = random.permutation(names + 1);
      List<Integer> held = new ArrayList<>();
      List<Integer> train = new ArrayList<>();
      while (held.size() + train.size() < n) {
        int rarest = -1;
        for (int label = 0; label <= names; label++) {
          int left = open(rows, label, held, train);
          int least = rarest < 0 ? 0 : open(rows, rarest, held, train);
          boolean less = left < least || left == least && rarest >= 0 && rank[label] < rank[rarest];
          if (left > 0 && (rarest < 0 || less)) {
            rarest = label;
          }
        }
        for (int row : order) {
          if (!rows.get(row).contains(rarest) || held.contains(row) || train.contains(row)) {
            continue;
          }
          int all = of(rows, rarest, IntStream.range(0, n).boxed().toList());
          int inHeld = of(rows, rarest, held);
          double wanted = all > 1 ? Math.max(1, part * all) : part * all;
          double needHeld = wanted - inHeld;
          double needTrain = all - wanted - of(rows, rarest, train);
          boolean last =
              rows.get(row).stream()
                  .anyMatch(
                      label -> open(rows, label, held, train) == 1 && of(rows, label, train) == 0);
          int roomHeld = size - held.size();
          int roomTrain = n - size - train.size();
          boolean toTrain =
              last
                  || roomHeld <= 0 && !(all > 1 && inHeld == 0)
                  || roomTrain > 0
                      && (Double.compare(needHeld, needTrain) < 0
                          || needHeld == needTrain && roomHeld <= roomTrain);
          (toTrain ? train : held).add(row);
        }
      }
      return held.stream().sorted().mapToInt(Integer::intValue).toArray();
    }

    private static int of(List<List<Integer>> rows, int label, List<Integer> part) {
      return (int) part.stream().filter(row -> rows.get(row).contains(label)).count();
    }

    private static int open(
        List<List<Integer>> rows, int label, List<Integer> held, List<Integer> train) {
      return of(rows, label, IntStream.range(0, rows.size()).boxed().toList())
          - of(rows, label, held)
          - of(rows, label, train);
    }
  }
}
