package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * Documents side by side as steps of features, padded on the right.
 *
 * @param x (steps, rows, width)
 * @param mask 1 where a step belongs to its document (steps, rows, 1)
 * @param lengths steps of each document, one at least
 */
record Steps(NDArray x, NDArray mask, int[] lengths) {

  static Steps of(NDManager step, NDArray x, int[] lengths) {
    return new Steps(x, mask(step, Math.toIntExact(x.getShape().get(0)), lengths), lengths);
  }

  private static NDArray mask(NDManager step, int time, int[] lengths) {
    float[] mask = new float[time * lengths.length];
    for (int row = 0; row < lengths.length; row++) {
      for (int t = 0; t < lengths[row]; t++) {
        mask[t * lengths.length + row] = 1;
      }
    }
    return step.create(mask, new Shape(time, lengths.length, 1));
  }

  /** The same steps with other features. */
  Steps with(NDArray other) {
    return new Steps(other, mask, lengths);
  }

  int time() {
    return Math.toIntExact(x.getShape().get(0));
  }

  int rows() {
    return lengths.length;
  }

  int width() {
    return Math.toIntExact(x.getShape().get(2));
  }

  /** Places in (steps times rows) of the steps that belong to a document. */
  long[] places() {
    long[] places = new long[Arrays.stream(lengths).sum()];
    int n = 0;
    for (int t = 0; t < time(); t++) {
      for (int row = 0; row < rows(); row++) {
        if (t < lengths[row]) {
          places[n++] = (long) t * rows() + row;
        }
      }
    }
    return places;
  }

  /** For each place the one it changes with where documents are read backward. */
  long[] reversed() {
    long[] places = new long[time() * rows()];
    for (int row = 0; row < rows(); row++) {
      for (int t = 0; t < time(); t++) {
        int from = t < lengths[row] ? lengths[row] - 1 - t : t;
        places[t * rows() + row] = (long) from * rows() + row;
      }
    }
    return places;
  }
}
