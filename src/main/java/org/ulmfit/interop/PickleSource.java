package org.ulmfit.interop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.ulmfit.UlmfitException;

/** A stretch of a file, read byte by byte; its end is never passed. */
final class PickleSource {

  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final FileChannel channel;
  private final long end;
  private final ByteBuffer buffer;
  private long next; // position in the file of what follows the buffer's content

  /**
   * @param begin first byte
   * @param end byte after the last
   */
  PickleSource(Path file, FileChannel channel, long begin, long end) {
    this.file = file;
    this.channel = channel;
    this.end = end;
    this.next = begin;
    this.buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  }

  /** Position in the file of the next byte. */
  long position() {
    return next - buffer.remaining();
  }

  long remaining() {
    return end - position();
  }

  int u8() {
    require(1);
    return buffer.get() & 0xff;
  }

  int u16() {
    require(Short.BYTES);
    return buffer.getShort() & 0xffff;
  }

  int i32() {
    require(Integer.BYTES);
    return buffer.getInt();
  }

  long u32() {
    return Integer.toUnsignedLong(i32());
  }

  long i64() {
    require(Long.BYTES);
    return buffer.getLong();
  }

  /** A double, the only number of a pickle in network order. */
  double f64() {
    return Double.longBitsToDouble(Long.reverseBytes(i64()));
  }

  /** The next bytes, which must fit an array: the caller has bounded their number. */
  byte[] bytes(long count) {
    requireInFile(count);
    byte[] bytes = new byte[Math.toIntExact(count)];
    for (int done = 0; done < bytes.length; ) {
      require(1);
      int n = Math.min(buffer.remaining(), bytes.length - done);
      buffer.get(bytes, done, n);
      done += n;
    }
    return bytes;
  }

  void skip(long count) {
    requireInFile(count);
    if (count <= buffer.remaining()) {
      buffer.position(buffer.position() + (int) count);
    } else {
      next += count - buffer.remaining();
      buffer.limit(0);
    }
  }

  /** UTF-8 text of a number of bytes, which the caller has bounded. */
  String text(long bytes) {
    long at = position();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(bytes))).toString();
    } catch (CharacterCodingException e) {
      throw refuse(at, "a string is not UTF-8 (half of a surrogate pair, or damage)");
    }
  }

  /** Text up to a line feed, which is swallowed. */
  String line(int most) {
    long at = position();
    byte[] bytes = new byte[most];
    for (int n = 0; n < most; n++) {
      int b = u8();
      if (b == '\n') {
        return new String(bytes, 0, n, StandardCharsets.UTF_8);
      }
      bytes[n] = (byte) b;
    }
    throw refuse(at, "a name of more than " + most + " bytes");
  }

  private void requireInFile(long count) {
    if (count < 0 || count > remaining()) {
      throw refuse(
          position(),
          Long.toUnsignedString(count) + " bytes are due, " + remaining() + " are left; cut short");
    }
  }

  private void require(int count) {
    if (buffer.remaining() >= count) {
      return;
    }
    requireInFile(count);
    buffer.compact();
    buffer.limit((int) Math.min(BUFFER_BYTES, buffer.position() + (end - next)));
    try {
      while (buffer.position() < count) {
        int n = channel.read(buffer, next);
        if (n < 0) {
          throw refuse(next, "the file ends here; cut short");
        }
        next += n;
      }
    } catch (IOException e) {
      throw Refusals.unreadable(file, e);
    }
    buffer.flip();
  }

  UlmfitException refuse(long at, String problem) {
    return Refusals.at(file, at, problem);
  }
}
