package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;

/** The weight pattern of the golden numbers and the tiny model built from it. */
public final class Golden {

  private Golden() {}

  /** Element k of P(shape, s, m) is s * (((7k + m) mod 11) - 5). */
  public static float[] pattern(int size, double s, int m) {
    float[] values = new float[size];
    for (int k = 0; k < size; k++) {
      values[k] = (float) (s * (((7 * k + m) % 11) - 5));
    }
    return values;
  }

  public static NDArray pattern(NDManager manager, double s, int m, long... shape) {
    Shape dims = new Shape(shape);
    return manager.create(pattern((int) dims.size(), s, m), dims);
  }

  /** Fills the 6-word, 2-3-3-2 encoder with the golden weights. */
  public static void fill(AwdLstm encoder) {
    set(encoder.embedding(), 0.3, 1);
    for (int l = 0; l < 3; l++) {
      set(encoder.layer(l).get(0), 0.4, 2 + l);
      set(encoder.layer(l).get(1), 0.3, 5 + l);
      set(encoder.layer(l).get(2), 0.1, 1 + l);
      set(encoder.layer(l).get(3), 0.05, 6 + l);
    }
  }

  public static void set(Parameter parameter, double s, int m) {
    set(parameter.value(), s, m);
  }

  public static void set(NDArray array, double s, int m) {
    Tensors.set(array, FloatBuffer.wrap(pattern((int) array.size(), s, m)));
  }
}
