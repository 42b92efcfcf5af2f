package org.ulmfit.interop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Safetensors;
import org.ulmfit.io.Safetensors.DType;

/**
 * A tensor of an open {@link TorchFile}: a view of a storage with strides that reach every element
 * once.
 */
public final class TorchTensor {

  private static final int CHUNK_BYTES = 1 << 20;

  private final Path file;
  private final FileChannel channel;
  private final String name;
  private final String alias;
  private final DType dtype;
  private final long[] shape;
  private final long[] strides;
  private final long position; // of the first element, in the file
  private final long span; // elements from the first to the last, both included

  /**
   * @param begin position in the file of the storage's first byte
   * @throws UlmfitException (bad model) if the view leaves its storage or reaches an element twice
   */
  TorchTensor(
      Path file,
      FileChannel channel,
      String name,
      String alias,
      TorchNames.Tensor view,
      long begin) {
    this.file = file;
    this.channel = channel;
    this.name = name;
    this.alias = alias;
    this.dtype = view.storage().dtype();
    this.shape = view.shape().clone();
    this.strides = view.strides().clone();
    this.span = span(view);
    this.position = begin + view.offset() * dtype.bytes();
  }

  public String name() {
    return name;
  }

  /** The first tensor of the file with the same data, shape and strides; often this one. */
  public String alias() {
    return alias;
  }

  /** Whether an earlier tensor has the same data. */
  public boolean isAlias() {
    return !alias.equals(name);
  }

  /** Element type, by the names of safetensors: F32, F16, BF16, F64, I64, ... */
  public String dtype() {
    return dtype.name();
  }

  /** Row-major; empty for a scalar. */
  public long[] shape() {
    return shape.clone();
  }

  /** Product of the shape. */
  public long elements() {
    long count = 1;
    for (long n : shape) {
      count *= n;
    }
    return count;
  }

  /**
   * Copies the whole tensor, in row-major order, as float.
   *
   * @param into of its number of elements
   * @throws UlmfitException (bad model) if the type is not F32, F16, BF16 or F64
   */
  public void read(float[] into) {
    if (into.length != elements()) {
      throw new IllegalArgumentException(
          name + " has " + elements() + " elements, the array " + into.length);
    }
    read(0, into, 0, into.length);
  }

  /**
   * Copies part of the tensor as float.
   *
   * @param offset first element, in row-major order
   * @throws UlmfitException (bad model) if the type is not F32, F16, BF16 or F64
   */
  public void read(long offset, float[] into, int at, int count) {
    if (dtype != DType.F32 && dtype != DType.F16 && dtype != DType.BF16 && dtype != DType.F64) {
      throw refuse("is " + dtype + ", expected F32, F16, BF16 or F64");
    }
    Objects.checkFromIndexSize(at, count, into.length);
    Objects.checkFromIndexSize(offset, count, elements());
    try {
      if (span == elements() && rowMajor()) {
        readRun(offset, into, at, count);
      } else if (count > 0) {
        readStrided(offset, into, at, count);
      }
    } catch (IOException e) {
      throw Refusals.unreadable(file, e);
    }
  }

  private boolean rowMajor() {
    long expected = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      if (shape[d] != 1 && strides[d] != expected) {
        return false;
      }
      expected *= shape[d];
    }
    return true;
  }

  private void readRun(long offset, float[] into, int at, int count) throws IOException {
    int width = dtype.bytes();
    int most = Math.min(CHUNK_BYTES / width, count);
    ByteBuffer chunk = ByteBuffer.allocate(most * width);
    for (int done = 0; done < count; ) {
      int n = Math.min(most, count - done);
      chunk.clear().limit(n * width);
      TorchContainer.readFully(channel, chunk, position + (offset + done) * width);
      Safetensors.widen(dtype, chunk, into, at + done, n);
      done += n;
    }
  }

  private void readStrided(long offset, float[] into, int at, int count) throws IOException {
    int width = dtype.bytes();
    if (span > Integer.MAX_VALUE / width) {
      throw refuse("is not contiguous and spans more than 2 GiB; save it with .contiguous()");
    }
    ByteBuffer all =
        channel
            .map(FileChannel.MapMode.READ_ONLY, position, span * width)
            .order(ByteOrder.LITTLE_ENDIAN);
    long[] index = new long[shape.length];
    long rest = offset;
    for (int d = shape.length - 1; d >= 0; d--) {
      index[d] = rest % shape[d];
      rest /= shape[d];
    }
    int most = Math.min(CHUNK_BYTES / width, count);
    ByteBuffer chunk = ByteBuffer.allocate(most * width).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < count; ) {
      int n = Math.min(most, count - done);
      chunk.clear().limit(n * width);
      while (chunk.hasRemaining()) {
        copy(all, element(index) * width, chunk, width);
        advance(index);
      }
      Safetensors.widen(dtype, chunk.flip(), into, at + done, n);
      done += n;
    }
  }

  private int element(long[] index) {
    long element = 0;
    for (int d = 0; d < index.length; d++) {
      element += index[d] * strides[d];
    }
    return (int) element;
  }

  private void advance(long[] index) {
    for (int d = index.length - 1; d >= 0 && ++index[d] == shape[d]; d--) {
      index[d] = 0;
    }
  }

  private static void copy(ByteBuffer from, int at, ByteBuffer to, int width) {
    switch (width) {
      case Short.BYTES -> to.putShort(from.getShort(at));
      case Integer.BYTES -> to.putInt(from.getInt(at));
      default -> to.putLong(from.getLong(at));
    }
  }

  /** Checks a view and returns how many elements lie from its first to its last. */
  private long span(TorchNames.Tensor view) {
    long free = view.storage().elements() - view.offset();
    boolean empty = false;
    for (int d = 0; d < shape.length; d++) {
      if (shape[d] < 0 || strides[d] < 0) {
        throw refuse("has shape " + text(shape) + " and strides " + text(strides));
      }
      empty |= shape[d] == 0;
    }
    if (view.offset() < 0 || free < (empty ? 0 : 1)) {
      throw refuse("begins outside of its storage");
    }
    if (empty) {
      return 0;
    }
    Integer[] rising = new Integer[shape.length];
    Arrays.setAll(rising, d -> d);
    Arrays.sort(rising, (a, b) -> Long.compare(strides[a], strides[b]));
    long span = 1;
    for (int d : rising) {
      long steps = shape[d] - 1;
      if (steps > 0 && strides[d] < span) {
        throw refuse("uses elements twice (strides " + text(strides) + "); save it with .clone()");
      }
      if (steps > 0 && strides[d] > (free - span) / steps) {
        throw refuse(
            "of shape " + text(shape) + ", strides " + text(strides) + " leaves its storage");
      }
      span += steps * strides[d];
    }
    return span;
  }

  private UlmfitException refuse(String problem) {
    return Refusals.of(file, "tensor " + Refusals.quote(name) + " " + problem);
  }

  private static String text(long[] numbers) {
    return Arrays.toString(numbers);
  }
}
