package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Drops whole rows of the embedding before the lookup: a word is dropped everywhere in a call. The
 * tied decoder sees the undropped matrix. Gal and Ghahramani 2016; Merity et al. 2017 §4.3.
 */
final class EmbeddingDropout {

  private EmbeddingDropout() {}

  /** Keep-mask of rows with inverted scaling, (V, 1). */
  static NDArray mask(Kernels kernels, NDManager step, long vocabulary, double p) {
    Shape rows = new Shape(vocabulary, 1);
    return p == 0 ? step.ones(rows) : Masks.draw(kernels, step, rows, p);
  }
}
