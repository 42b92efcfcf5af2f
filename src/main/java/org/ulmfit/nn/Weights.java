package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** What the weights of a new model are. */
public enum Weights {
  /** Drawn from the engine's generator, to be trained. */
  RANDOM {
    @Override
    NDArray make(NDManager owner, double bound, long... shape) {
      float most = (float) bound;
      return owner.randomUniform(-most, most, new Shape(shape), DataType.FLOAT32);
    }
  },

  /**
   * Zeros, for stored weights to be read into. Nothing is drawn: the generator is the engine's, and
   * a training beside would get other masks.
   */
  ZERO {
    @Override
    NDArray make(NDManager owner, double bound, long... shape) {
      return owner.zeros(new Shape(shape));
    }
  };

  /** A tensor of weights, float32; where they are random, uniform between ± the bound. */
  abstract NDArray make(NDManager owner, double bound, long... shape);
}
