package org.ulmfit.nn;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which steps of each row of a batch are pooled, {@code from} to before {@code to}.
 *
 * @param from (rows)
 * @param to (rows)
 */
record Pooled(int[] from, int[] to) {

  /** In the lesson layout every row is as long as the batch. */
  static Pooled of(
      DocumentEncoder.Batch batch, DocumentEncoder.Layout layout, int bptt, int maxLength) {
    int[] to = batch.lengths().clone();
    if (layout == DocumentEncoder.Layout.LESSON) {
      Arrays.fill(to, batch.time());
    }
    int[] from =
        Arrays.stream(to)
            .map(length -> Chunks.firstKept(length, bptt, maxLength, layout.rule()))
            .toArray();
    return new Pooled(from, to);
  }

  /** The first step that is pooled in any row. */
  int first() {
    return Arrays.stream(from).min().orElseThrow();
  }

  /** Last step of each row, counted from a step. */
  long[] last(int start) {
    return Arrays.stream(to).mapToLong(end -> end - 1 - start).toArray();
  }

  /** Pooled steps of each row. */
  float[] counts() {
    float[] counts = new float[from.length];
    for (int row = 0; row < counts.length; row++) {
      counts[row] = to[row] - from[row];
    }
    return counts;
  }

  /** 1 where one of so many steps from a step on is pooled: (steps, rows), the first rows only. */
  float[] mask(int start, int steps, int rows) {
    float[] mask = new float[steps * rows];
    for (int row = 0; row < rows; row++) {
      int r = row;
      IntStream.range(Math.max(0, from[row] - start), Math.min(steps, to[row] - start))
          .forEach(t -> mask[t * rows + r] = 1);
    }
    return mask;
  }
}
