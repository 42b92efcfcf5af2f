package org.ulmfit.lm;

import java.util.Arrays;

/**
 * Documents read one after the other as a single stream of tokens. Only the document under each
 * cursor is in memory.
 */
final class LmStream {

  private final Documents documents;
  private final int[] order;
  private final boolean flipped;
  private final long[] starts; // of the document at each place of the order, then the total

  /**
   * @param order documents in reading order
   * @param flipped whether each document is read from its last token to its first
   */
  LmStream(Documents documents, int[] order, boolean flipped) {
    this.documents = documents;
    this.order = order;
    this.flipped = flipped;
    this.starts = new long[order.length + 1];
    for (int place = 0; place < order.length; place++) {
      starts[place + 1] = starts[place] + documents.length(order[place]);
    }
  }

  /** Tokens of all documents. */
  long length() {
    return starts[order.length];
  }

  /** A cursor before the token at {@code offset}, 0 to {@link #length} - 1. */
  Cursor at(long offset) {
    int found = Arrays.binarySearch(starts, offset);
    int place = found < 0 ? -found - 2 : found;
    return new Cursor(place, (int) (offset - starts[place]));
  }

  /** Reads on from a place in the stream. */
  final class Cursor {
    private int place;
    private int position;
    private int[] ids;

    private Cursor(int place, int position) {
      this.place = place;
      this.position = position;
      this.ids = documents.ids(order[place]);
    }

    /** The next token. */
    int next() {
      while (position == ids.length) {
        ids = documents.ids(order[++place]);
        position = 0;
      }
      int at = position++;
      return ids[flipped ? ids.length - 1 - at : at];
    }
  }
}
