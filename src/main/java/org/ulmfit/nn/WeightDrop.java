package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * DropConnect on the hidden-to-hidden weights: one mask (4H, H) per forward call, all steps and
 * rows alike. The raw matrix is the parameter and is never written to. Merity et al. 2017 §2.
 */
final class WeightDrop {

  private WeightDrop() {}

  /** Keep-mask with inverted scaling, (4H, H); (1, 1) of ones for p = 0. */
  static NDArray mask(Kernels kernels, NDManager step, int hidden, double p) {
    if (p == 0) {
      return step.ones(new Shape(1, 1));
    }
    return Masks.draw(kernels, step, new Shape(4L * hidden, hidden), p);
  }
}
