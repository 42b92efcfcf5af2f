package org.ulmfit.text;

import java.util.Arrays;

/** A growing list of ranges of one text: the tokens as offsets. */
final class Spans {
  private static final int LASTING = 1 << 17; // ranges kept room for when cleared

  private int[] offsets; // from, to, from, to ...
  private int size;

  Spans(int expected) {
    offsets = new int[2 * Math.max(8, expected)];
  }

  int size() {
    return size;
  }

  int from(int i) {
    return offsets[2 * i];
  }

  int to(int i) {
    return offsets[2 * i + 1];
  }

  void clear() {
    size = 0;
    if (offsets.length > 2 * LASTING) {
      offsets = new int[512];
    }
  }

  void add(int from, int to) {
    if (2 * size == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * offsets.length);
    }
    offsets[2 * size] = from;
    offsets[2 * size + 1] = to;
    size++;
  }
}
