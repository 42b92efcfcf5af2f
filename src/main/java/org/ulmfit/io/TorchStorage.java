package org.ulmfit.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/**
 * A float tensor of a torch archive: how its pickle names it, and the record that holds its values.
 *
 * @param key name of the record, {@code data/KEY}
 * @param shape row-major
 * @param values asked when the record is written, so that no more than one need be in memory
 */
public record TorchStorage(int key, long[] shape, Supplier<float[]> values) {

  private static final int CHUNK_FLOATS = 1 << 16;

  /** Product of the shape. */
  public long elements() {
    long elements = 1;
    for (long n : shape) {
      elements = Math.multiplyExact(elements, n);
    }
    return elements;
  }

  /** {@code _rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())}. */
  public void rebuild(PickleBytes pickle) {
    pickle.global("torch._utils", "_rebuild_tensor_v2").op('(');
    pickle.op('(').text("storage").global("torch", "FloatStorage");
    pickle.text(Integer.toString(key)).text("cpu").number(elements()).op('t', 'Q');
    pickle.number(0);
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      strides[d] = stride;
      stride *= Math.max(1, shape[d]);
    }
    tuple(pickle, shape);
    tuple(pickle, strides);
    emptyOrderedDict(pickle.op(0x89)).op('t', 'R');
  }

  /** {@code OrderedDict()}. */
  public static PickleBytes emptyOrderedDict(PickleBytes pickle) {
    return pickle.global("collections", "OrderedDict").op(')', 'R');
  }

  private static void tuple(PickleBytes pickle, long[] numbers) {
    pickle.op('(');
    for (long n : numbers) {
      pickle.number(n);
    }
    pickle.op('t');
  }

  /**
   * Writes the record.
   *
   * @param name of the tensor, for the message
   * @throws IllegalArgumentException if the values do not fit the shape
   */
  public void write(StoredZip zip, String name) throws IOException {
    float[] floats = values.get();
    if (floats.length != elements()) {
      throw new IllegalArgumentException(
          name + ": " + floats.length + " values for a shape of " + elements());
    }
    zip.entry("data/" + key, elements() * Float.BYTES, out -> write(floats, out));
  }

  private static void write(float[] values, OutputStream out) throws IOException {
    int most = Math.min(CHUNK_FLOATS, values.length);
    ByteBuffer chunk = ByteBuffer.allocate(most * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < values.length; done += most) {
      int n = Math.min(most, values.length - done);
      chunk.asFloatBuffer().put(values, done, n);
      out.write(chunk.array(), 0, n * Float.BYTES);
    }
  }
}
