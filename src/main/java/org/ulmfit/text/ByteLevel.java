package org.ulmfit.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Pieces whose letters stand for bytes, back into text. Printable bytes of Latin-1 stand for
 * themselves, the others for the letters from U+0100 on, in order. Source: GPT-2's bytes_to_unicode
 * (Radford et al. 2019). A character may be spread over pieces.
 */
final class ByteLevel {
  /** What stands for a space. */
  static final String SPACE = "\u0120";

  private static final byte[] BYTES = new byte[512];

  static {
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean itself = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
      BYTES[itself ? b : next++] = (byte) b;
    }
  }

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final ByteBuffer waiting = ByteBuffer.allocate(8);

  /** The characters that are complete with this piece. */
  String text(String piece) {
    ByteBuffer in = ByteBuffer.allocate(waiting.position() + piece.length() * 3);
    in.put(waiting.flip());
    waiting.clear();
    for (int i = 0; i < piece.length(); i++) {
      char letter = piece.charAt(i);
      if (letter < BYTES.length) {
        in.put(BYTES[letter]);
      } else { // no piece of this kind
        in.put(String.valueOf(letter).getBytes(StandardCharsets.UTF_8));
      }
    }
    in.flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
    decoder.decode(in, out, false);
    if (in.remaining() <= waiting.capacity()) {
      waiting.put(in);
    }
    return out.flip().toString();
  }
}
