package org.ulmfit.text;

import java.util.Arrays;

/** A growing list of ranges of one text: the tokens as offsets, with their keys where known. */
final class Spans {
  private static final int LASTING = 1 << 17; // ranges that room is kept for when cleared

  private int[] offsets; // from, to, from, to ...
  private long[] keys;
  private int size;

  Spans(int expected) {
    offsets = new int[2 * Math.max(8, expected)];
    keys = new long[offsets.length / 2];
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

  /** The {@link TokenKey} of a range; NONE also if it was not made yet. */
  long key(int i) {
    return keys[i];
  }

  /** The key of a range is no longer that of its characters. */
  void forgetKey(int i) {
    keys[i] = TokenKey.NONE;
  }

  void clear() {
    size = 0;
    if (keys.length > LASTING) {
      offsets = new int[1024];
      keys = new long[512];
    }
  }

  void add(int from, int to) {
    add(from, to, TokenKey.NONE);
  }

  void add(int from, int to, long key) {
    if (size == keys.length) {
      offsets = Arrays.copyOf(offsets, 4 * size);
      keys = Arrays.copyOf(keys, 2 * size);
    }
    offsets[2 * size] = from;
    offsets[2 * size + 1] = to;
    keys[size] = key;
    size++;
  }
}
