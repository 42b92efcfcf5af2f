package org.ulmfit.subword;

import java.util.Arrays;

/**
 * What may be merged next: pairs with the count they had when they were put here and the words they
 * came up in then. The greatest count comes first, of equal counts the smaller left symbol, then
 * the smaller right one, then what was put here first. A heap over arrays.
 */
final class MergeQueue {
  private static final int WAYS = 4;

  /** One entry; a pair may have several, each with words of its own. */
  record Entry(long key, int pair, long count, int[] words, int serial) {
    Entry with(long otherCount) {
      return new Entry(key, pair, otherCount, words, serial);
    }

    private boolean before(Entry other) {
      if (count != other.count) {
        return count > other.count;
      }
      return key != other.key ? key < other.key : serial < other.serial;
    }
  }

  private Entry[] heap = new Entry[1 << 10];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  void add(Entry entry) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, WordCounts.grown(size + 1, size));
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) / WAYS;
      if (!entry.before(heap[parent])) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = entry;
  }

  /** Takes the first one. */
  Entry remove() {
    Entry first = heap[0];
    Entry last = heap[--size];
    int at = 0;
    while (true) {
      int best = WAYS * at + 1;
      if (best >= size) {
        break;
      }
      int end = Math.min(best + WAYS, size);
      for (int child = best + 1; child < end; child++) {
        if (heap[child].before(heap[best])) {
          best = child;
        }
      }
      if (!heap[best].before(last)) {
        break;
      }
      heap[at] = heap[best];
      at = best;
    }
    heap[at] = last;
    return first;
  }
}
