package org.ulmfit.prepare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.ulmfit.Shown;
import org.ulmfit.corpus.Split;

/** Texts that occur more than once, within a split and across splits, by a 62-bit hash. */
final class Duplicates {
  private static final int BITS = 2;

  private Duplicates() {}

  /** One line for each kind of repetition found. */
  static List<String> describe(Spill spill) {
    long[] keys =
        IntStream.range(0, spill.size())
            .filter(doc -> !spill.isLeftOut(doc))
            .mapToLong(doc -> spill.hash(doc) >>> BITS << BITS | spill.split(doc).ordinal())
            .sorted()
            .toArray();
    int n = Split.values().length;
    long[] extra = new long[n];
    long[][] shared = new long[n][n];
    for (int start = 0; start < keys.length; ) {
      int[] times = new int[n];
      int end = start;
      while (end < keys.length && keys[end] >>> BITS == keys[start] >>> BITS) {
        times[(int) keys[end] & 3]++;
        end++;
      }
      for (int a = 0; a < n && end - start > 1; a++) {
        extra[a] += Math.max(0, times[a] - 1);
        for (int b = a + 1; b < n; b++) {
          shared[a][b] += times[a] > 0 && times[b] > 0 ? 1 : 0;
        }
      }
      start = end;
    }
    return lines(extra, shared);
  }

  private static List<String> lines(long[] extra, long[][] shared) {
    List<String> lines = new ArrayList<>();
    for (Split split : Split.values()) {
      long n = extra[split.ordinal()];
      if (n > 0) {
        lines.add(Shown.format("%,d %s rows repeat an earlier text", n, name(split)));
      }
    }
    for (Split a : Split.values()) {
      for (Split b : Split.values()) {
        long n = shared[a.ordinal()][b.ordinal()];
        if (n > 0) {
          lines.add(Shown.format("%,d texts occur in both %s and %s", n, name(a), name(b)));
        }
      }
    }
    return lines;
  }

  private static String name(Split split) {
    return split.name().toLowerCase(Locale.ROOT);
  }
}
