package org.ulmfit.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Decodes strictly, skips a byte order mark, and names the byte at which the text is malformed. */
final class StrictReader extends Reader {
  private static final char BOM = '\ufeff';

  private final InputStream in;
  private final Charset charset;
  private final String name;
  private final CharsetDecoder decoder;
  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).limit(0);
  private long offset;
  private boolean ended;
  private boolean started;

  StrictReader(InputStream in, Charset charset, String name) {
    this.in = in;
    this.charset = charset;
    this.name = name;
    this.decoder = strict(charset);
  }

  /**
   * All of {@code bytes} as text.
   *
   * @param asked null: by the byte order mark, else UTF-8
   */
  static String decode(byte[] bytes, @Nullable Charset asked, String name) {
    Charset charset = asked == null ? Encoding.of(bytes) : asked;
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      return withoutMark(strict(charset).decode(buffer).toString());
    } catch (CharacterCodingException e) {
      throw Encoding.malformed(name, charset, buffer.position(), bytes);
    }
  }

  /** The start of an input as text; a character that is cut off at the end is left out. */
  static String decodeHead(byte[] bytes, Charset charset, String name) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    CharBuffer chars = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = strict(charset).decode(buffer, chars, false);
    if (result.isError()) {
      throw Encoding.malformed(name, charset, buffer.position(), bytes);
    }
    return withoutMark(chars.flip().toString());
  }

  private static String withoutMark(String text) {
    return !text.isEmpty() && text.charAt(0) == BOM ? text.substring(1) : text;
  }

  @Override
  public int read(char[] target, int from, int length) throws IOException {
    CharBuffer chars = CharBuffer.wrap(target, from, length);
    while (true) {
      int before = bytes.position();
      CoderResult result = decoder.decode(bytes, chars, ended);
      offset += bytes.position() - before;
      if (result.isError()) {
        throw Encoding.malformed(
            name, charset, offset, Arrays.copyOf(bytes.array(), bytes.limit()));
      }
      int n = chars.position() - from;
      if (n > 0) {
        boolean mark = !started && target[from] == BOM;
        started = true;
        if (!mark) {
          return n;
        }
        System.arraycopy(target, from + 1, target, from, n - 1);
        chars.position(from + n - 1);
        if (n > 1) {
          return n - 1;
        }
      } else if (ended) {
        return -1;
      } else {
        fill();
      }
    }
  }

  @Override
  public boolean ready() throws IOException {
    return bytes.hasRemaining() || in.available() > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void fill() throws IOException {
    bytes.compact();
    int n = in.read(bytes.array(), bytes.position(), bytes.remaining());
    ended = n < 0;
    bytes.position(bytes.position() + Math.max(0, n));
    bytes.flip();
  }

  private static CharsetDecoder strict(Charset charset) {
    return charset
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }
}
