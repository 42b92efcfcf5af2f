package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Safetensors;

/** Named float32 arrays to and from safetensors files. */
public final class Tensors {

  private Tensors() {}

  /** Entries that copy each array out only when it is written. */
  public static List<Safetensors.Entry> entries(Map<String, NDArray> arrays) {
    List<Safetensors.Entry> entries = new ArrayList<>();
    arrays.forEach(
        (name, array) ->
            entries.add(
                new Safetensors.Entry(
                    name, Safetensors.DType.F32, array.getShape().getShape(), () -> bytes(array))));
    return entries;
  }

  private static ByteBuffer bytes(NDArray array) {
    return array.toByteBuffer();
  }

  /**
   * Copies a stored tensor into an array of the same shape.
   *
   * @throws UlmfitException (bad model) if it is missing or has another shape
   */
  public static void read(Safetensors.Reader file, String name, NDArray into) {
    if (!file.contains(name)) {
      throw UlmfitException.badModel(file + ": tensor " + name + " is missing");
    }
    long[] shape = file.info(name).shape();
    if (!Arrays.equals(shape, into.getShape().getShape())) {
      throw UlmfitException.badModel(
          file
              + ": tensor "
              + name
              + " has shape "
              + Arrays.toString(shape)
              + ", the model needs "
              + Arrays.toString(into.getShape().getShape()));
    }
    set(into, file.floats(name));
  }

  /**
   * Overwrites an array's values in its own memory; no graph. DJL's set would put the array onto
   * the buffer, whose other alignment changes the last bits of matrix products.
   */
  public static void set(NDArray into, FloatBuffer values) {
    boolean was = Kernels.recording(false);
    try (NDArray copy = into.getManager().create(values, into.getShape())) {
      into.set(new NDIndex(":"), copy);
    } finally {
      Kernels.recording(was);
    }
  }
}
