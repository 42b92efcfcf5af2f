package org.ulmfit.embed;

import java.util.Arrays;

/**
 * How texts become vectors: everything that decides them but the model itself.
 *
 * @param window tokens that the model reads at once, start and end among them
 * @param overlap pieces that two windows next to each other share, at least
 * @param windows of a text that are read, its first ones; 0: all
 * @param start ids before a text's pieces
 * @param end ids behind them
 */
public record EncoderReading(
    Pooling pooling,
    boolean normalise,
    int window,
    int overlap,
    int windows,
    int[] start,
    int[] end) {

  /** Pieces of a text in a window. */
  int room() {
    return window - start.length - end.length;
  }

  /**
   * The windows of a text, each with start and end. All but a short text's are full: the last one
   * ends with the text.
   *
   * @param pieces ids of all its pieces
   */
  int[][] windows(int[] pieces) {
    int room = room();
    int step = room - overlap;
    int all = pieces.length <= room ? 1 : 1 + (pieces.length - room + step - 1) / step;
    int[][] found = new int[windows == 0 ? all : Math.min(all, windows)][];
    for (int i = 0; i < found.length; i++) {
      int from = Math.max(0, Math.min(i * step, pieces.length - room));
      int to = Math.min(pieces.length, from + room);
      int[] ids = Arrays.copyOf(start, start.length + to - from + end.length);
      System.arraycopy(pieces, from, ids, start.length, to - from);
      System.arraycopy(end, 0, ids, ids.length - end.length, end.length);
      found[i] = ids;
    }
    return found;
  }
}
