package org.ulmfit.text;

import java.util.Arrays;

/**
 * For each character of a {@link TextBuffer}'s text the range of the original text that it stands
 * for, while the buffer is edited. What is added stands for what it replaces: the range skipped
 * next, or an empty one where nothing is.
 *
 * <p>Starts never decrease along the text.
 */
final class Origins {
  private static final int OPEN = -1; // not known yet, or behind the text: that of what follows

  private int[] starts;
  private int[] ends;
  private int length; // with what is appended
  private int[] editedStarts;
  private int[] editedEnds;
  private int size; // of edited
  private int settled; // of edited; only behind that a character may be open

  Origins(int length) {
    this.length = length;
    starts = new int[length];
    ends = new int[length];
    for (int i = 0; i < length; i++) {
      starts[i] = i;
      ends[i] = i + 1;
    }
    editedStarts = new int[length];
    editedEnds = new int[length];
  }

  /** An edit begins. */
  void begin() {
    size = 0;
    settled = 0;
  }

  /** Characters of the text go over as they are. */
  void copy(int from, int to) {
    reserve(to - from);
    System.arraycopy(starts, from, editedStarts, size, to - from);
    System.arraycopy(ends, from, editedEnds, size, to - from);
    size += to - from;
  }

  /** New characters. */
  void add(int count) {
    reserve(count);
    Arrays.fill(editedStarts, size, size + count, OPEN);
    size += count;
  }

  private void reserve(int more) {
    if (size + more > editedStarts.length) {
      int room = Math.max(size + more, size + size / 2);
      editedStarts = Arrays.copyOf(editedStarts, room);
      editedEnds = Arrays.copyOf(editedEnds, room);
    }
  }

  /** The new characters since the last call stand for this range of the text, maybe empty. */
  void settle(int from, int to) {
    if (settled < size) {
      int start = start(from);
      int end = end(from, to);
      for (int i = settled; i < size; i++) {
        if (editedStarts[i] == OPEN) {
          editedStarts[i] = start;
          editedEnds[i] = end;
        }
      }
    }
    settled = size;
  }

  /** The edit is done. */
  void end() {
    int[] before = starts;
    starts = editedStarts;
    editedStarts = before;
    before = ends;
    ends = editedEnds;
    editedEnds = before;
    length = size;
  }

  /** New characters behind the text, for no range of it: the marker of a token that follows. */
  void append(int count) {
    append(count, OPEN, OPEN);
  }

  /** New characters behind the text, each of them for a range of the text. */
  void appendFor(int count, int from, int to) {
    if (from < to) {
      append(count, start(from), end(from, to));
      return;
    }
    int at = from == 0 ? start(0) : ends[from - 1]; // of nothing: behind what is before it
    append(count, at, at);
  }

  private void append(int count, int start, int end) {
    if (length + count > starts.length) {
      int room = Math.max(length + count, length + length / 2);
      starts = Arrays.copyOf(starts, room);
      ends = Arrays.copyOf(ends, room);
    }
    Arrays.fill(starts, length, length + count, start);
    Arrays.fill(ends, length, length + count, end);
    length += count;
  }

  /** Whether a token stands for no range of its own. */
  boolean isMarker(int from, int to) {
    return from == to || starts[from] == OPEN;
  }

  /**
   * Where the original of a range from there begins; at the text's end: where the last one ends.
   */
  int start(int from) {
    if (from < length) {
      return starts[from];
    }
    return length == 0 ? 0 : ends[length - 1];
  }

  /** Where the original of a range ends. */
  int end(int from, int to) {
    int end = start(from);
    for (int i = from; i < to; i++) {
      end = Math.max(end, ends[i]);
    }
    return end;
  }
}
