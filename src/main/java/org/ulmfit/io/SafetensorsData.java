package org.ulmfit.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Safetensors.DType;
import org.ulmfit.io.Safetensors.Info;

/** The data part of an open safetensors file. */
record SafetensorsData(
    Path file, FileChannel channel, SafetensorsHeader header, Map<String, Info> tensors)
    implements AutoCloseable {

  private static final int CHUNK_BYTES = 1 << 20;

  static SafetensorsData open(Path file) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
      SafetensorsHeader header = SafetensorsHeader.read(file, channel);
      return new SafetensorsData(file, channel, header, named(file, header.tensors()));
    } catch (IOException e) {
      closeAfter(channel, e);
      throw unreadable(file, e);
    } catch (RuntimeException | Error e) {
      closeAfter(channel, e);
      throw e;
    }
  }

  /** All but the scales of those of eight bits, which have to fit. */
  private static Map<String, Info> named(Path file, Map<String, Info> all) {
    Map<String, Info> named = new LinkedHashMap<>(all);
    for (Info info : all.values()) {
      Info scale = info.dtype() == DType.I8 ? all.get(info.name() + Int8.SCALE) : null;
      if (scale != null) {
        if (info.shape().length != 2
            || scale.dtype() != DType.F32
            || !Arrays.equals(scale.shape(), new long[] {info.shape()[0]})) {
          throw UlmfitException.badModel(
              file + ": tensor " + scale.name() + " has not one F32 number for each row");
        }
        named.remove(scale.name());
      }
    }
    return Collections.unmodifiableMap(named);
  }

  private boolean isScaled(Info info) {
    return info.dtype() == DType.I8 && header.tensors().containsKey(info.name() + Int8.SCALE);
  }

  Info info(String name) {
    Info info = header.tensors().get(name);
    if (info == null) {
      throw UlmfitException.badModel(file + ": no tensor " + name);
    }
    return info;
  }

  ByteBuffer bytes(String name) {
    Info info = info(name);
    long length = info.end() - info.begin();
    if (length > Integer.MAX_VALUE) {
      throw UlmfitException.badModel(
          file + ": tensor " + name + " has " + length + " bytes, too many for one buffer");
    }
    try {
      return channel
          .map(FileChannel.MapMode.READ_ONLY, header.dataStart() + info.begin(), length)
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  FloatBuffer floats(String name) {
    Info info = requireFloats(name);
    if (info.dtype() == DType.F32) {
      return bytes(name).asFloatBuffer();
    }
    if (info.elements() > Integer.MAX_VALUE - 8) {
      throw UlmfitException.badModel(
          file
              + ": tensor "
              + name
              + " has "
              + info.elements()
              + " elements, too many for one array");
    }
    float[] values = new float[(int) info.elements()];
    read(name, 0, values, 0, values.length);
    return FloatBuffer.wrap(values);
  }

  LongBuffer longs(String name) {
    Info info = info(name);
    ByteBuffer bytes = bytes(name);
    return switch (info.dtype()) {
      case I64 -> bytes.asLongBuffer();
      case I32 -> {
        long[] values = new long[(int) info.elements()];
        Arrays.setAll(values, i -> bytes.getInt(i * Integer.BYTES));
        yield LongBuffer.wrap(values);
      }
      default ->
          throw UlmfitException.badModel(
              file + ": tensor " + name + " is " + info.dtype() + ", expected I64 or I32");
    };
  }

  void read(String name, long offset, float[] dst, int dstOffset, int length) {
    Info info = requireFloats(name);
    Objects.checkFromIndexSize(dstOffset, length, dst.length);
    Objects.checkFromIndexSize(offset, length, info.elements());
    float[] scales = isScaled(info) ? scales(info) : null;
    int width = info.dtype().bytes();
    int most = Math.min(CHUNK_BYTES / width, length);
    ByteBuffer chunk = ByteBuffer.allocate(most * width).order(ByteOrder.LITTLE_ENDIAN);
    try {
      for (int done = 0; done < length; ) {
        int count = Math.min(most, length - done);
        chunk.clear().limit(count * width);
        long position = header.dataStart() + info.begin() + (offset + done) * width;
        SafetensorsHeader.readFully(channel, chunk, position);
        chunk.flip();
        if (scales == null) {
          widen(info.dtype(), chunk, dst, dstOffset + done, count);
        } else {
          Int8.widen(chunk, offset + done, info.shape()[1], scales, dst, dstOffset + done, count);
        }
        done += count;
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private float[] scales(Info info) {
    float[] scales = new float[Math.toIntExact(info.shape()[0])];
    read(info.name() + Int8.SCALE, 0, scales, 0, scales.length);
    return scales;
  }

  static void widen(DType dtype, ByteBuffer from, float[] to, int at, int count) {
    switch (dtype) {
      case F32 -> from.asFloatBuffer().get(to, at, count);
      case F64 -> {
        for (int i = 0; i < count; i++) {
          to[at + i] = (float) from.getDouble();
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          to[at + i] = HalfFloats.bfloat16(from.getShort());
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          to[at + i] = HalfFloats.float16(from.getShort());
        }
      }
      default -> throw new IllegalArgumentException(dtype + " is no floating-point type");
    }
  }

  private Info requireFloats(String name) {
    Info info = info(name);
    boolean floats = Set.of(DType.F32, DType.F16, DType.BF16).contains(info.dtype());
    if (!floats && !isScaled(info)) {
      throw UlmfitException.badModel(
          file + ": tensor " + name + " is " + info.dtype() + ", expected F32, F16 or BF16");
    }
    return info;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static void closeAfter(@Nullable FileChannel channel, Throwable cause) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private static UlmfitException unreadable(Path file, IOException e) {
    String why = e instanceof EOFException ? e.getMessage() : UlmfitException.reason(e);
    return new UlmfitException(
        UlmfitException.Kind.BAD_MODEL, file + ": cannot be read: " + why, e);
  }
}
