package org.ulmfit.runtimes;

import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.function.Supplier;
import org.ulmfit.io.Safetensors;
import org.ulmfit.nn.Tensors;

/** The tensors of a saved classifier, as float32. */
record NetworkWeights(Safetensors.Reader file) {

  /**
   * The values of a tensor, read when they are asked for.
   *
   * @throws org.ulmfit.UlmfitException (bad model) if it is missing or has another shape
   */
  Supplier<float[]> of(String name, long... shape) {
    Tensors.check(file, name, shape);
    int elements = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    return () -> {
      float[] values = new float[elements];
      file.read(name, values);
      return values;
    };
  }

  /**
   * The values of a tensor of whole numbers.
   *
   * @throws org.ulmfit.UlmfitException (bad model) if it is missing or of another type
   */
  long[] numbers(String name) {
    LongBuffer stored = file.longs(name);
    long[] values = new long[stored.remaining()];
    stored.get(values);
    return values;
  }
}
