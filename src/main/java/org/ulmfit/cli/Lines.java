package org.ulmfit.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ulmfit.UlmfitException;

/**
 * The lines of a UTF-8 stream, strictly decoded. A line ends with {@code \n} or {@code \r\n} and
 * with nothing else; a byte order mark at the start is skipped.
 */
final class Lines implements AutoCloseable {
  private static final int CAPACITY = 1 << 16;
  private static final int LONGEST = 64 << 20; // bytes of a line

  private final InputStream in;
  private final String name;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final byte[] buffer = new byte[CAPACITY];
  private byte[] rest = new byte[0];
  private int position;
  private int end;
  private long offset;
  private long number;

  /**
   * @param name of the input, for messages
   */
  Lines(InputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  /** Name of the input and number of the line read last, from 1. */
  String where() {
    return name + ": line " + number;
  }

  String name() {
    return name;
  }

  long number() {
    return number;
  }

  /**
   * As many lines as can be had without waiting, but at least one unless the input is at its end.
   *
   * @param most lines at most
   * @param bytes about so many bytes at most
   */
  List<String> batch(int most, long bytes) {
    List<String> lines = new ArrayList<>();
    long start = offset;
    while (lines.size() < most && offset - start < bytes && (lines.isEmpty() || ready())) {
      String line = next();
      if (line == null) {
        break;
      }
      lines.add(line);
    }
    return lines;
  }

  /** The next line without its end; null at the end of the input. */
  String next() {
    int length = 0;
    byte[] line = rest;
    while (true) {
      if (position == end && !fill()) {
        return length == 0 ? null : decode(line, length);
      }
      int stop = position;
      while (stop < end && buffer[stop] != '\n') {
        stop++;
      }
      int part = stop - position;
      if (length + part > LONGEST) {
        throw UlmfitException.badData(
            name + ": line " + (number + 1) + ": longer than 64 MB; split it");
      }
      if (line.length < length + part) {
        line = Arrays.copyOf(line, Math.max(length + part, 2 * length));
      }
      System.arraycopy(buffer, position, line, length, part);
      length += part;
      position = stop;
      if (stop < end) {
        position++;
        rest = line.length <= 4 * CAPACITY ? line : new byte[0];
        String text = decode(line, length);
        offset++;
        return text;
      }
    }
  }

  private boolean ready() {
    for (int i = position; i < end; i++) {
      if (buffer[i] == '\n') {
        return true;
      }
    }
    try {
      return in.available() > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean fill() {
    try {
      position = 0;
      end = Math.max(0, in.read(buffer, 0, CAPACITY));
      return end > 0;
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_DATA, name, e);
    }
  }

  private String decode(byte[] bytes, int length) {
    number++;
    int from = number == 1 && startsWithMark(bytes, length) ? 3 : 0;
    int to = length > from && bytes[length - 1] == '\r' ? length - 1 : length;
    ByteBuffer line = ByteBuffer.wrap(bytes, from, to - from);
    try {
      String text = decoder.decode(line).toString();
      offset += length;
      return text;
    } catch (CharacterCodingException e) {
      throw UlmfitException.badData(
          where()
              + ", byte "
              + (offset + line.position())
              + " of the input: not UTF-8; convert the input, for instance with 'iconv -f latin1 -t"
              + " utf-8'");
    }
  }

  private static boolean startsWithMark(byte[] bytes, int length) {
    return length >= 3
        && bytes[0] == (byte) 0xEF
        && bytes[1] == (byte) 0xBB
        && bytes[2] == (byte) 0xBF;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
