package org.ulmfit.text;

import java.util.Arrays;

/** A growing list of ranges of one text: the tokens as offsets. */
final class Spans {
  private int[] offsets = new int[512]; // from, to, from, to ...
  private int size;

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
