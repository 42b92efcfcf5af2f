package org.ulmfit.corpus;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/** The encoding that an input names by its byte order mark, and which others it may have. */
final class Encoding {
  private static final int LOOKED_AT = 1 << 16;

  /** What tables are exported in by default somewhere in the world. */
  private static final List<String> USUAL =
      List.of(
          "windows-1252", "windows-1251", "Shift_JIS", "GB18030", "EUC-KR", "Big5", "ISO-8859-1");

  private Encoding() {}

  /** By the byte order mark at the start; UTF-8 without one. */
  static Charset of(byte[] head) {
    Charset marked = marked(head);
    return marked == null ? StandardCharsets.UTF_8 : marked;
  }

  /**
   * What an input is read in.
   *
   * @param asked null: as {@link #of} says
   * @throws UlmfitException (usage) if it is not what the byte order mark says
   */
  static Charset of(String name, byte[] head, @Nullable Charset asked) {
    Charset marked = marked(head);
    if (asked == null) {
      return of(head);
    }
    if (marked != null && !asked.equals(marked) && !marked.name().startsWith(asked.name())) {
      throw UlmfitException.usage(
          name
              + ": begins with the byte order mark of "
              + marked.name()
              + ", not of "
              + asked.name()
              + "; leave --charset out");
    }
    return asked;
  }

  private static @Nullable Charset marked(byte[] head) {
    if (starts(head, 0xff, 0xfe, 0, 0)) {
      return Charset.forName("UTF-32LE");
    }
    if (starts(head, 0, 0, 0xfe, 0xff)) {
      return Charset.forName("UTF-32BE");
    }
    if (starts(head, 0xff, 0xfe)) {
      return StandardCharsets.UTF_16LE;
    }
    if (starts(head, 0xfe, 0xff)) {
      return StandardCharsets.UTF_16BE;
    }
    return starts(head, 0xef, 0xbb, 0xbf) ? StandardCharsets.UTF_8 : null;
  }

  /**
   * Refuses what is UTF-16 or UTF-32 without a byte order mark: as UTF-8 its every other character
   * would be a NUL.
   */
  static void refuseWide(String name, byte[] head) {
    if (marked(head) != null) {
      return;
    }
    int n = Math.min(head.length, 4096) & ~3;
    int[] zeros = new int[4];
    for (int i = 0; i < n; i++) {
      zeros[i & 3] += head[i] == 0 ? 1 : 0;
    }
    int most = n / 4 - n / 16;
    String wide =
        n < 8
            ? null
            : zeros[1] > most && zeros[2] > most && zeros[3] > most
                ? "UTF-32LE"
                : zeros[0] > most && zeros[1] > most && zeros[2] > most
                    ? "UTF-32BE"
                    : zeros[1] > most && zeros[3] > most && zeros[0] + zeros[2] < n / 8
                        ? "UTF-16LE"
                        : zeros[0] > most && zeros[2] > most && zeros[1] + zeros[3] < n / 8
                            ? "UTF-16BE"
                            : null;
    wide = wide == null ? byLineEnds(head) : wide;
    if (wide != null) {
      throw UlmfitException.badData(
          name + ": looks like " + wide + " without a byte order mark; say --charset " + wide);
    }
  }

  /** In UTF-16 every line feed has a NUL beside it; in other encodings hardly one has. */
  private static @Nullable String byLineEnds(byte[] head) {
    int all = 0;
    int little = 0;
    int big = 0;
    for (int i = 0; i < head.length; i++) {
      if (head[i] == '\n') {
        all++;
        little += i % 2 == 0 && i + 1 < head.length && head[i + 1] == 0 ? 1 : 0;
        big += i % 2 == 1 && head[i - 1] == 0 ? 1 : 0;
      }
    }
    return all == 0 ? null : little > 0.9 * all ? "UTF-16LE" : big > 0.9 * all ? "UTF-16BE" : null;
  }

  /**
   * The error at a byte that the charset has no character for.
   *
   * @param near bytes of the input, of which those encodings are named that could be it
   */
  static UlmfitException malformed(String name, Charset charset, long offset, byte[] near) {
    return UlmfitException.badData(
        name
            + ": byte "
            + offset
            + ": not "
            + charset.name()
            + "; name the file's encoding, for example --charset "
            + example(charset, near));
  }

  private static String example(Charset not, byte[] near) {
    byte[] some = near.length > LOOKED_AT ? Arrays.copyOf(near, LOOKED_AT) : near;
    List<String> fit =
        USUAL.stream().filter(one -> !one.equals(not.name()) && decodes(some, one)).toList();
    if (mostlyHigh(some) && fit.size() > 1) { // no Western text: those of few bytes fit anything
      List<String> single = List.of("windows-1252", "windows-1251", "ISO-8859-1");
      boolean cyrillic = fit.contains("windows-1251") && isCyrillic(some);
      List<String> others = fit.stream().filter(one -> !single.contains(one)).toList();
      fit =
          Stream.concat(
                  cyrillic || others.isEmpty() ? Stream.of("windows-1251") : Stream.empty(),
                  others.stream())
              .toList();
    }
    return fit.size() < 2
        ? String.join("", fit)
        : fit.get(0) + " (or " + String.join(", ", fit.subList(1, fit.size())) + ")";
  }

  /**
   * Whether as windows-1251 most letters beyond ASCII are small ones of Russian, as in sentences.
   */
  private static boolean isCyrillic(byte[] bytes) {
    long small = 0;
    long high = 0;
    for (byte b : bytes) {
      high += b < 0 ? 1 : 0;
      small += (b & 0xff) >= 0xe0 ? 1 : 0;
    }
    return small > 0.8 * high;
  }

  private static boolean mostlyHigh(byte[] bytes) {
    int letters = 0;
    int high = 0;
    for (byte b : bytes) {
      high += b < 0 ? 1 : 0;
      letters += b < 0 || Character.isLetter(b) ? 1 : 0;
    }
    return high > letters / 2;
  }

  private static boolean decodes(byte[] bytes, String charset) {
    if (!Charset.isSupported(charset)) {
      return false;
    }
    CharsetDecoder decoder =
        Charset.forName(charset)
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer chars = CharBuffer.allocate(bytes.length + 1);
    return !decoder.decode(ByteBuffer.wrap(bytes), chars, false).isError();
  }

  private static boolean starts(byte[] head, int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (head.length <= i || (head[i] & 0xff) != mark[i]) {
        return false;
      }
    }
    return true;
  }
}
