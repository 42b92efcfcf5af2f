package org.ulmfit.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.function.Executable;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.PickleBytes;
import org.ulmfit.io.StoredZip;

/** Torch files put together by hand, most of them wrong in one place. */
final class TorchBytes {

  /** A file of {@code src/test/resources/interop}. */
  static byte[] resource(String name) {
    try (InputStream in = TorchBytes.class.getResourceAsStream("/interop/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** A reference to a storage of the class {@code torch.type}. */
  static PickleBytes storage(PickleBytes p, String type, String key, long elements) {
    return p.op('(')
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .number(elements)
        .op('t', 'Q');
  }

  /** A view of the float storage {@code 0}. */
  static PickleBytes view(PickleBytes p, long stored, long offset, long[] shape, long[] strides) {
    p.global("torch._utils", "_rebuild_tensor_v2").op('(');
    storage(p, "FloatStorage", "0", stored).number(offset);
    for (long[] numbers : new long[][] {shape, strides}) {
      p.op('(');
      for (long n : numbers) {
        p.number(n);
      }
      p.op('t');
    }
    return p.op(0x89).global("collections", "OrderedDict").op(')', 'R', 't', 'R');
  }

  /** The pickle of {@code {"w": view}}. */
  static byte[] stateDict(long stored, long offset, long[] shape, long[] strides) {
    PickleBytes p = new PickleBytes().protocol().op('}').text("w");
    return view(p, stored, offset, shape, strides).op('s', '.').toByteArray();
  }

  static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  /** A ZIP container with the storage {@code 0}. */
  static byte[] zip(byte[] pickle, float... values) {
    return archive("data.pkl", pickle, "version", new byte[] {'3', '\n'}, "data/0", floats(values));
  }

  /** A ZIP of names and contents, in turns. */
  static byte[] archive(Object... entries) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      StoredZip zip = new StoredZip(out, "a");
      for (int i = 0; i < entries.length; i += 2) {
        zip.entry((String) entries[i], (byte[]) entries[i + 1]);
      }
      zip.finish();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pickles in front of the object in a legacy file. */
  static byte[] legacyHead(boolean littleEndian) {
    byte[] golden = resource("golden_legacy.pth");
    PickleBytes system = new PickleBytes().protocol().op('}', '(');
    system.text("protocol_version").number(1001);
    system.text("little_endian").op(littleEndian ? 0x88 : 0x89, 'u', '.');
    byte[] numbers = Arrays.copyOf(golden, 21); // the magic number and 1001
    return join(numbers, system.toByteArray());
  }

  /** A legacy container with the storage {@code 0}. */
  static byte[] legacy(byte[] pickle, float... values) {
    byte[] keys = new PickleBytes().protocol().op(']').text("0").op('a', '.').toByteArray();
    byte[] count =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(values.length).array();
    return join(legacyHead(true), pickle, keys, count, floats(values));
  }

  /** Runs what must be refused in one line, and returns the line. */
  static String refused(Executable body) {
    UlmfitException e = assertThrows(UlmfitException.class, body);
    assertEquals(UlmfitException.Kind.BAD_MODEL, e.kind(), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
    return e.getMessage();
  }

  static void assertRefused(String expected, Executable body) {
    String line = refused(body);
    assertTrue(line.contains(expected), line);
  }

  private TorchBytes() {}
}
