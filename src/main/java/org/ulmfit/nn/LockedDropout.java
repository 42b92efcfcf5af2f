package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Variational dropout: one mask (1, batch, features), shared by all time steps of a call. Gal and
 * Ghahramani 2016; Merity et al. 2017 §4.2.
 */
final class LockedDropout {

  private LockedDropout() {}

  /** Keep-mask with inverted scaling, (1, rows, features); (1, 1, 1) of ones for p = 0. */
  static NDArray mask(Kernels kernels, NDManager step, int rows, int features, double p) {
    if (p == 0) {
      return step.ones(new Shape(1, 1, 1));
    }
    return Masks.draw(kernels, step, new Shape(1, rows, features), p);
  }
}
