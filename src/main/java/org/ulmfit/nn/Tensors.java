package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
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
    check(file, name, into.getShape().getShape());
    set(into, file.floats(name));
  }

  /**
   * A stored tensor as an array over the mapped file, read page by page as it is used. Stored as
   * half floats, or where float32 may not stand, it is copied.
   *
   * @throws UlmfitException (bad model) if it is missing or has another shape
   */
  static NDArray mapped(NDManager owner, Safetensors.Reader file, String name, long... shape) {
    check(file, name, shape);
    if (file.info(name).dtype() == Safetensors.DType.F32) {
      ByteBuffer bytes = file.bytes(name);
      if (bytes.alignmentOffset(0, Float.BYTES) == 0) {
        return owner.create(bytes, new Shape(shape), DataType.FLOAT32);
      }
    }
    return owner.create(file.floats(name), new Shape(shape));
  }

  /**
   * Checks that a tensor is there.
   *
   * @throws UlmfitException (bad model) if it is missing or has another shape
   */
  public static void check(Safetensors.Reader file, String name, long... needed) {
    if (!file.contains(name)) {
      throw UlmfitException.badModel(file.path() + ": tensor " + name + " is missing");
    }
    long[] shape = file.info(name).shape();
    if (!Arrays.equals(shape, needed)) {
      throw UlmfitException.badModel(
          file.path()
              + ": tensor "
              + name
              + " has shape "
              + Arrays.toString(shape)
              + ", the model needs "
              + Arrays.toString(needed));
    }
  }

  /**
   * Overwrites an array's values in its own memory; no graph. DJL's set would put the array onto
   * the buffer, whose other alignment changes the last bits of matrix products.
   */
  public static void set(NDArray into, FloatBuffer values) {
    try (NDArray copy = into.getManager().create(values, into.getShape())) {
      Kernels.withoutRecording(() -> into.set(new NDIndex(":"), copy));
    }
  }
}
