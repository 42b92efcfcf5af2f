package org.ulmfit.ngram;

import java.util.Arrays;

/**
 * Numbers pairs of numbers from 0 on, in the order in which they are added: open addressing with
 * linear probing, at most half full. A pair is kept whole, so no two are ever taken for one.
 */
final class PairTable {
  private static final int SMALLEST = 16;
  private static final int LARGEST = 1 << 30;
  private static final long MIX = 0x9e3779b97f4a7c15L; // 2^64 / golden ratio, Knuth vol. 3, 6.4

  private long[] pairs = new long[SMALLEST]; // of each number
  private int[] slots; // number + 1; 0: free
  private int size;

  PairTable() {
    slots = new int[2 * SMALLEST];
  }

  /** The pair of two numbers that are not negative; pairs sort as their first, then second. */
  static long pair(int first, int second) {
    return (long) first << 32 | second;
  }

  static int first(long pair) {
    return (int) (pair >>> 32);
  }

  static int second(long pair) {
    return (int) pair;
  }

  int size() {
    return size;
  }

  /** The pair with a number. */
  long pair(int number) {
    return pairs[number];
  }

  /** A pair's number; -1: it is not there. */
  int find(long pair) {
    return slots[slot(pair)] - 1;
  }

  /**
   * A pair's number, a new one if it is not there.
   *
   * @throws IllegalStateException if there are 2^29 pairs
   */
  int add(long pair) {
    int slot = slot(pair);
    if (slots[slot] > 0) {
      return slots[slot] - 1;
    }
    if (2 * size >= slots.length) {
      grow();
      slot = slot(pair);
    }
    if (size == pairs.length) {
      pairs = Arrays.copyOf(pairs, size + (size >> 1));
    }
    pairs[size] = pair;
    slots[slot] = ++size;
    return size - 1;
  }

  private void grow() {
    if (slots.length == LARGEST) {
      throw new IllegalStateException("more than " + size + " pairs");
    }
    slots = new int[2 * slots.length];
    for (int number = 0; number < size; number++) {
      slots[slot(pairs[number])] = number + 1;
    }
  }

  /** Where a pair stands, or the free slot where it would. */
  private int slot(long pair) {
    int mask = slots.length - 1;
    int slot = (int) (pair * MIX >>> 32) & mask;
    while (slots[slot] > 0 && pairs[slots[slot] - 1] != pair) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
