package org.ulmfit.campaign;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages an input as a function of a seed: bits, bytes, blocks, lengths, and words that hurt. */
final class Mutator {
  private static final int LONGEST = 1 << 16;

  private static final List<byte[]> WORDS =
      List.of(
          bytes(""),
          bytes("\""),
          bytes("\"\""),
          bytes("'"),
          bytes(","),
          bytes("\t"),
          bytes("\n"),
          bytes("\r"),
          bytes("\r\n"),
          bytes("\0"),
          bytes("\ufeff"),
          bytes("\u2028"),
          bytes("\ud83d\ude00"),
          bytes("\\ud800"),
          bytes("\\u0000"),
          bytes("{"),
          bytes("}"),
          bytes("[["),
          bytes("]"),
          bytes(":"),
          bytes("null"),
          bytes("true"),
          bytes("-1"),
          bytes("0"),
          bytes("1e999"),
          bytes("9223372036854775807"),
          bytes("9223372036854775808"),
          bytes("NaN"),
          bytes("&a [*a]"),
          bytes("<<: *a"),
          bytes("!!java.io.File"),
          bytes("__label__"),
          bytes("../"),
          bytes("&#x10ffff;"),
          bytes("&lt;"),
          bytes("aaaaaaaaaaaaaaaaaaaaaaaa"),
          bytes("          "),
          new byte[] {(byte) 0xff},
          new byte[] {(byte) 0xc0, (byte) 0x80},
          new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
          new byte[] {(byte) 0x80, 0, 0, 0, 0, 0, 0, 0},
          new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f});

  private Mutator() {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** One of the seeds with one to four kinds of damage. */
  static byte[] mutant(List<byte[]> seeds, Random random) {
    byte[] input = seeds.get(random.nextInt(seeds.size()));
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      input = damaged(input, seeds, random);
    }
    return input.length > LONGEST ? Arrays.copyOf(input, LONGEST) : input;
  }

  private static byte[] damaged(byte[] input, List<byte[]> seeds, Random random) {
    int at = random.nextInt(input.length + 1);
    int end = Math.min(input.length, at + 1 + random.nextInt(random.nextInt(10) == 0 ? 1000 : 8));
    return switch (random.nextInt(9)) {
      case 0 -> flipped(input, at, random);
      case 1 -> spliced(input, at, end, new byte[] {(byte) random.nextInt(256)});
      case 2 -> spliced(input, at, end, new byte[0]);
      case 3 -> spliced(input, at, at, WORDS.get(random.nextInt(WORDS.size())));
      case 4 -> spliced(input, at, end, WORDS.get(random.nextInt(WORDS.size())));
      case 5 -> spliced(input, at, at, Arrays.copyOfRange(input, at, end)); // twice
      case 6 -> Arrays.copyOf(input, at);
      case 7 -> repeated(input, at, end, 1 + random.nextInt(64));
      default -> {
        byte[] other = seeds.get(random.nextInt(seeds.size()));
        int from = random.nextInt(other.length + 1);
        int to = Math.min(other.length, from + random.nextInt(200));
        yield spliced(input, at, end, Arrays.copyOfRange(other, from, to));
      }
    };
  }

  private static byte[] flipped(byte[] input, int at, Random random) {
    if (at == input.length) {
      return input;
    }
    byte[] out = input.clone();
    out[at] ^= (byte) (1 << random.nextInt(8));
    return out;
  }

  private static byte[] spliced(byte[] input, int from, int to, byte[] with) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + with.length);
    out.write(input, 0, from);
    out.writeBytes(with);
    out.write(input, to, input.length - to);
    return out.toByteArray();
  }

  private static byte[] repeated(byte[] input, int from, int to, int times) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < times && block.size() < LONGEST; i++) {
      block.write(input, from, to - from);
    }
    return spliced(input, from, from, block.toByteArray());
  }
}
