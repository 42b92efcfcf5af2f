package org.ulmfit.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.corpus.Split;

/**
 * Texts that are there more than once, but for capitals and white space.
 *
 * @param within rows of each split that repeat an earlier text of it
 * @param across different texts that are in two splits
 * @param conflicts texts with different labels, the first few
 * @param conflicting how many texts have different labels
 */
record Repeats(
    Map<Split, Integer> within, List<Across> across, List<Conflict> conflicts, int conflicting) {
  private static final int SHOWN = 20;

  /** Different texts in both splits. */
  record Across(Split first, Split second, int texts) {}

  /** Two rows with the same text and other labels, by their ids. */
  record Conflict(String first, List<String> labels, String second, List<String> otherLabels) {}

  static Repeats of(Rows rows) {
    int[] order =
        IntStream.range(0, rows.size())
            .boxed()
            .sorted(Comparator.comparingLong(rows::hash).thenComparing(row -> row))
            .mapToInt(row -> row)
            .toArray();
    int n = Split.values().length;
    Map<Split, Integer> within = new EnumMap<>(Split.class);
    int[][] shared = new int[n][n];
    List<Conflict> conflicts = new ArrayList<>();
    int conflicting = 0;
    for (int start = 0; start < order.length; ) {
      int end = start + 1;
      while (end < order.length && rows.hash(order[end]) == rows.hash(order[start])) {
        end++;
      }
      if (end - start > 1) {
        int[] same = Arrays.copyOfRange(order, start, end);
        count(rows, same, within, shared);
        Conflict conflict = conflict(rows, same);
        if (conflict != null) {
          conflicting++;
          conflicts.add(conflict);
        }
      }
      start = end;
    }
    conflicts.sort(Comparator.comparing(Conflict::first));
    return new Repeats(
        within,
        across(shared),
        List.copyOf(conflicts.subList(0, Math.min(SHOWN, conflicts.size()))),
        conflicting);
  }

  private static void count(Rows rows, int[] same, Map<Split, Integer> within, int[][] shared) {
    int[] times = new int[Split.values().length];
    for (int row : same) {
      times[rows.split(row).ordinal()]++;
    }
    for (Split a : Split.values()) {
      if (times[a.ordinal()] > 1) {
        within.merge(a, times[a.ordinal()] - 1, Integer::sum);
      }
      for (int b = a.ordinal() + 1; b < times.length; b++) {
        shared[a.ordinal()][b] += times[a.ordinal()] > 0 && times[b] > 0 ? 1 : 0;
      }
    }
  }

  private static List<Across> across(int[][] shared) {
    List<Across> across = new ArrayList<>();
    for (Split a : Split.values()) {
      for (Split b : Split.values()) {
        int texts = shared[a.ordinal()][b.ordinal()];
        if (texts > 0) {
          across.add(new Across(a, b, texts));
        }
      }
    }
    return across;
  }

  private static @Nullable Conflict conflict(Rows rows, int[] same) {
    int first = -1;
    for (int row : same) {
      List<String> labels = rows.labels(row);
      if (labels == null) {
        continue;
      }
      if (first < 0) {
        first = row;
      } else if (!rows.sameLabels(first, row)) {
        return new Conflict(
            rows.id(first), Objects.requireNonNull(rows.labels(first)), rows.id(row), labels);
      }
    }
    return null;
  }
}
