package org.ulmfit.io;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Puts a pickle of protocol 2 together, opcode by opcode. Opcodes: CPython's pickletools. */
public final class PickleBytes {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Opcodes or their arguments, one byte each. */
  public PickleBytes op(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  /** PROTO 2, with which every such pickle begins. */
  public PickleBytes protocol() {
    return op(0x80, 2);
  }

  /**
   * BINUNICODE.
   *
   * @throws IllegalArgumentException if the text holds half of a surrogate pair
   */
  public PickleBytes text(String text) {
    ByteBuffer utf8;
    try {
      utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("half of a surrogate pair in a string", e);
    }
    op('X').littleEndian(utf8.remaining(), Integer.BYTES);
    byte[] bytes = new byte[utf8.remaining()];
    utf8.get(bytes);
    out.writeBytes(bytes);
    return this;
  }

  /** The shortest of BININT1, BININT2, BININT and LONG1. */
  public PickleBytes number(long value) {
    if (value >= 0 && value < 1 << 8) {
      return op('K').littleEndian(value, 1);
    }
    if (value >= 0 && value < 1 << 16) {
      return op('M').littleEndian(value, 2);
    }
    if (value == (int) value) {
      return op('J').littleEndian(value, Integer.BYTES);
    }
    return op(0x8a, Long.BYTES).littleEndian(value, Long.BYTES);
  }

  /** GLOBAL. */
  public PickleBytes global(String module, String name) {
    out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  private PickleBytes littleEndian(long value, int width) {
    out.write(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array(),
        0,
        width);
    return this;
  }

  public byte[] toByteArray() {
    return out.toByteArray();
  }
}
