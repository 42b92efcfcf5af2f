package org.ulmfit.io;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Safetensors files. */
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

  /** One tensor of a file; {@code begin} and {@code end} are byte positions in the data part. */
  public record Info(String name, DType dtype, long[] shape, long begin, long end) {
    public long elements() {
      throw new UnsupportedOperationException();
    }
  }

  /** One tensor to write; {@code bytes} is asked for once, when its turn comes. */
  public record Entry(String name, DType dtype, long[] shape, Supplier<ByteBuffer> bytes) {
    public static Entry floats(String name, long[] shape, Supplier<float[]> values) {
      throw new UnsupportedOperationException();
    }

    public static Entry longs(String name, long[] shape, Supplier<long[]> values) {
      throw new UnsupportedOperationException();
    }
  }

  public static void write(Path file, Map<String, String> metadata, List<Entry> entries) {
    throw new UnsupportedOperationException();
  }

  /** An open file. */
  public static final class Reader implements AutoCloseable {
    public static Reader open(Path file) {
      throw new UnsupportedOperationException();
    }

    /** The tensors in the order of the data. */
    public Map<String, Info> tensors() {
      throw new UnsupportedOperationException();
    }

    public Map<String, String> metadata() {
      throw new UnsupportedOperationException();
    }

    public boolean contains(String name) {
      throw new UnsupportedOperationException();
    }

    public Info info(String name) {
      throw new UnsupportedOperationException();
    }

    /** F32 mapped, F16 and BF16 widened. */
    public FloatBuffer floats(String name) {
      throw new UnsupportedOperationException();
    }

    /** I64 mapped, I32 widened. */
    public LongBuffer longs(String name) {
      throw new UnsupportedOperationException();
    }

    /** Reads from {@code offset} (elements) into the array. */
    public void read(String name, long offset, float[] dst, int dstOffset, int length) {
      throw new UnsupportedOperationException();
    }

    public void read(String name, float[] dst) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private Safetensors() {}
}
