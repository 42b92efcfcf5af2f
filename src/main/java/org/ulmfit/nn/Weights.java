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

    @Override
    NDArray orthogonal(Kernels kernels, NDManager owner, long n, long m) {
      try (NDArray normal = owner.randomNormal(new Shape(n, m))) {
        return Kernels.withoutRecording(() -> kernels.one(owner, "orthogonal", normal));
      }
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

    @Override
    NDArray orthogonal(Kernels kernels, NDManager owner, long n, long m) {
      return owner.zeros(new Shape(n, m));
    }
  };

  /** A tensor of weights, float32; where they are random, uniform between ± the bound. */
  abstract NDArray make(NDManager owner, double bound, long... shape);

  /** Orthonormal columns (n, m), n not below m, where they are random. */
  abstract NDArray orthogonal(Kernels kernels, NDManager owner, long n, long m);

  /**
   * The same bound for what comes in and what goes out (Glorot and Bengio 2010), as Keras draws the
   * weights of its layers.
   */
  static double glorot(double in, double out) {
    return Math.sqrt(6 / (in + out));
  }
}
