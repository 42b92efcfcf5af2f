package org.ulmfit.subword;

/**
 * Sorts places of a text by the symbols from there on, up to a depth or a negative symbol, which
 * ends a string: quicksort by one symbol at a time (Bentley and Sedgewick 1997).
 */
final class SuffixSort {
  private static final int FEW = 12;

  private final int[] text;
  private final int depth;

  SuffixSort(int[] text, int depth) {
    this.text = text;
    this.depth = depth;
  }

  /** Places that begin alike keep no certain order but one that is the same each time. */
  void sort(int[] places) {
    sort(places, 0, places.length, 0);
  }

  private void sort(int[] places, int first, int last, int at) {
    int from = first;
    int to = last;
    int depthNow = at;
    while (to - from > 1 && depthNow < depth) {
      if (to - from <= FEW) {
        insert(places, from, to, depthNow);
        return;
      }
      int pivot = median(places, from, to, depthNow);
      int less = from;
      int i = from;
      int more = to;
      while (i < more) {
        int symbol = text[places[i] + depthNow];
        if (symbol < pivot) {
          swap(places, less++, i++);
        } else if (symbol > pivot) {
          swap(places, i, --more);
        } else {
          i++;
        }
      }
      sort(places, from, less, depthNow);
      sort(places, more, to, depthNow);
      if (pivot < 0) {
        return; // their strings have ended
      }
      from = less;
      to = more;
      depthNow++;
    }
  }

  private int median(int[] places, int from, int to, int at) {
    int a = text[places[from] + at];
    int b = text[places[from + to >>> 1] + at];
    int c = text[places[to - 1] + at];
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  private static void swap(int[] places, int i, int j) {
    int place = places[i];
    places[i] = places[j];
    places[j] = place;
  }

  private void insert(int[] places, int from, int to, int at) {
    for (int i = from + 1; i < to; i++) {
      int place = places[i];
      int j = i;
      while (j > from && compare(place, places[j - 1], at) < 0) {
        places[j] = places[j - 1];
        j--;
      }
      places[j] = place;
    }
  }

  private int compare(int a, int b, int at) {
    for (int i = at; i < depth; i++) {
      int x = text[a + i];
      int y = text[b + i];
      if (x != y) {
        return Integer.compare(x, y);
      }
      if (x < 0) {
        return 0;
      }
    }
    return 0;
  }
}
