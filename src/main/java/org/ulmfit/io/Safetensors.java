package org.ulmfit.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.ulmfit.UlmfitException;

/**
 * Safetensors files: a JSON header and the tensors' bytes. Written in the order given, so that the
 * same tensors give the same bytes; read strictly. Format: huggingface/safetensors.
 */
public final class Safetensors {

  /** Element types of the format, with their width in bytes. */
  public enum DType {
    BOOL(1),
    U8(1),
    I8(1),
    I16(2),
    U16(2),
    F16(2),
    BF16(2),
    I32(4),
    U32(4),
    F32(4),
    F64(8),
    I64(8),
    U64(8);

    private final int bytes;

    DType(int bytes) {
      this.bytes = bytes;
    }

    public int bytes() {
      return bytes;
    }
  }

  /**
   * One tensor of a file.
   *
   * @param shape row-major; empty for a scalar
   * @param begin first byte, counted from the start of the data part
   * @param end byte after the last
   */
  public record Info(String name, DType dtype, long[] shape, long begin, long end) {

    /** Product of the shape. */
    public long elements() {
      return (end - begin) / dtype.bytes();
    }
  }

  /**
   * One tensor to write.
   *
   * @param bytes asked when the tensor's turn comes, so that no more than one need be in memory; a
   *     tensor over 2 GiB is handed over in pieces: it is asked until all bytes have come. Values
   *     are little-endian, from the buffer's position to its limit
   */
  public record Entry(String name, DType dtype, long[] shape, Supplier<ByteBuffer> bytes) {

    /** An F32 tensor. */
    public static Entry floats(String name, long[] shape, Supplier<float[]> values) {
      return new Entry(
          name,
          DType.F32,
          shape,
          () -> {
            float[] from = values.get();
            ByteBuffer to = littleEndian(from.length, Float.BYTES);
            to.asFloatBuffer().put(from);
            return to;
          });
    }

    /** An F16 tensor, each value rounded to the nearest. */
    public static Entry halves(String name, long[] shape, Supplier<float[]> values) {
      return new Entry(
          name,
          DType.F16,
          shape,
          () -> {
            float[] from = values.get();
            ByteBuffer to = littleEndian(from.length, Short.BYTES);
            for (float value : from) {
              to.putShort(HalfFloats.toFloat16(value));
            }
            return to.flip();
          });
    }

    /** A matrix of eight bits a number, with a scale for each row: two tensors. */
    public static List<Entry> bytes(String name, long[] shape, Supplier<float[]> values) {
      return Int8.entries(name, shape, values);
    }

    /** An I64 tensor. */
    public static Entry longs(String name, long[] shape, Supplier<long[]> values) {
      return new Entry(
          name,
          DType.I64,
          shape,
          () -> {
            long[] from = values.get();
            ByteBuffer to = littleEndian(from.length, Long.BYTES);
            to.asLongBuffer().put(from);
            return to;
          });
    }

    private static ByteBuffer littleEndian(int elements, int width) {
      return ByteBuffer.allocate(Math.multiplyExact(elements, width))
          .order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /**
   * Writes a file aside, forces it to disk and renames it.
   *
   * @param metadata written sorted by key
   * @param entries written in this order
   * @throws IllegalArgumentException if names repeat or an entry's bytes do not fit its shape
   * @throws UlmfitException (failure) if the file cannot be written
   */
  public static void write(Path file, Map<String, String> metadata, List<Entry> entries) {
    SafetensorsWriter.write(file, metadata, entries);
  }

  /**
   * An open file; safe for several threads. Buffers that were mapped stay valid after closing.
   *
   * <p>Every method that takes a name throws {@link UlmfitException} (bad model) if there is no
   * such tensor or its type is another.
   */
  public static final class Reader implements AutoCloseable {
    private final SafetensorsData data;

    private Reader(SafetensorsData data) {
      this.data = data;
    }

    /**
     * Opens a file and checks its whole header.
     *
     * @throws UlmfitException (bad model) naming file, tensor and byte of the first defect
     */
    public static Reader open(Path file) {
      return new Reader(SafetensorsData.open(file));
    }

    public Path path() {
      return data.file();
    }

    /** The tensors in the order of their data, but for scales of those of eight bits. */
    public Map<String, Info> tensors() {
      return data.tensors();
    }

    public Map<String, String> metadata() {
      return data.header().metadata();
    }

    public boolean contains(String name) {
      return tensors().containsKey(name);
    }

    public Info info(String name) {
      return data.info(name);
    }

    /** The bytes of a tensor of up to 2 GiB, mapped, little-endian, read-only. */
    public ByteBuffer bytes(String name) {
      return data.bytes(name);
    }

    /**
     * The values of a tensor: F32 mapped (up to 2 GiB), F16, BF16 and I8 with its scales widened
     * (up to 2³¹ elements).
     */
    public FloatBuffer floats(String name) {
      return data.floats(name);
    }

    /** The values of a tensor: I64 mapped, I32 widened. */
    public LongBuffer longs(String name) {
      return data.longs(name);
    }

    /**
     * Copies part of an F32, F16, BF16 or (with its scales) I8 tensor of any size.
     *
     * @param offset first element, in row-major order
     */
    public void read(String name, long offset, float[] dst, int dstOffset, int length) {
      data.read(name, offset, dst, dstOffset, length);
    }

    /** The same of a whole tensor; {@code dst} must have its number of elements. */
    public void read(String name, float[] dst) {
      Info info = info(name);
      if (dst.length != info.elements()) {
        throw new IllegalArgumentException(
            name + " has " + info.elements() + " elements, the array " + dst.length);
      }
      read(name, 0, dst, 0, dst.length);
    }

    @Override
    public void close() {
      data.close();
    }
  }

  /**
   * Converts F16, BF16, F32 or F64 values to float.
   *
   * @param from little-endian values from the buffer's position on
   */
  public static void widen(DType dtype, ByteBuffer from, float[] to, int at, int count) {
    SafetensorsData.widen(dtype, from, to, at, count);
  }

  private Safetensors() {}
}
