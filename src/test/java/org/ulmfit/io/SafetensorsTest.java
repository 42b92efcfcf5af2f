package org.ulmfit.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Safetensors.DType;
import org.ulmfit.io.Safetensors.Entry;
import org.ulmfit.io.Safetensors.Reader;

class SafetensorsTest {

  @TempDir Path dir;

  private static Entry raw(String name, DType dtype, long[] shape, byte[] bytes) {
    return new Entry(name, dtype, shape, () -> ByteBuffer.wrap(bytes));
  }

  private static List<Entry> sample() {
    return List.of(
        Entry.floats("z.weight", new long[] {2, 3}, () -> new float[] {1, 2, 3, -4, 5.5f, 0}),
        Entry.longs("a.steps", new long[] {2}, () -> new long[] {7, -1L << 40}),
        raw("empty", DType.F32, new long[] {0, 4}, new byte[0]),
        raw("scalar", DType.I32, new long[0], new byte[] {-2, -1, -1, -1}));
  }

  @Test
  void readsBackWhatItWroteInTheOrderGiven() {
    Path file = dir.resolve("model.safetensors");
    Safetensors.write(file, Map.of("format", "pt", "direction", "forward"), sample());
    try (Reader reader = Reader.open(file)) {
      assertEquals(
          List.of("z.weight", "a.steps", "empty", "scalar"),
          new ArrayList<>(reader.tensors().keySet()));
      assertEquals(Map.of("format", "pt", "direction", "forward"), reader.metadata());
      assertArrayEquals(new long[] {2, 3}, reader.info("z.weight").shape());
      assertEquals(6, reader.info("z.weight").elements());
      assertEquals(1, reader.info("scalar").elements());
      assertEquals(0, reader.floats("empty").remaining());
      assertTrue(reader.floats("z.weight").isDirect());
      assertEquals(5.5f, reader.floats("z.weight").get(4));
      assertEquals(-1L << 40, reader.longs("a.steps").get(1));
      assertEquals(-2, reader.longs("scalar").get(0));
      float[] part = new float[4];
      reader.read("z.weight", 2, part, 1, 2);
      assertArrayEquals(new float[] {0, 3, -4, 0}, part);
      assertTrue(reader.contains("empty"));
      assertFalse(reader.contains("nothing"));
    }
  }

  @Test
  void buffersOutliveTheReader() {
    Path file = dir.resolve("m");
    Safetensors.write(file, Map.of(), sample());
    java.nio.FloatBuffer values;
    try (Reader reader = Reader.open(file)) {
      values = reader.floats("z.weight");
    }
    assertEquals(-4, values.get(3));
  }

  @Test
  void sameTensorsGiveTheSameBytes() throws IOException {
    Path one = dir.resolve("one");
    Path two = dir.resolve("two");
    Safetensors.write(one, Map.of("a", "1", "b", "2", "c", "3"), sample());
    Safetensors.write(two, Map.of("c", "3", "b", "2", "a", "1"), sample());
    assertEquals(-1, Files.mismatch(one, two));
    try (FileChannel channel = FileChannel.open(one, StandardOpenOption.READ)) {
      assertEquals(0, SafetensorsHeader.read(one, channel).dataStart() % 8);
    }
  }

  @Test
  void takesATensorInPieces() {
    Deque<byte[]> pieces = new ArrayDeque<>(List.of(new byte[] {0, 0}, new byte[] {-128, 63}));
    Path file = dir.resolve("m");
    Safetensors.write(
        file,
        Map.of(),
        List.of(new Entry("w", DType.F32, new long[] {1}, () -> ByteBuffer.wrap(pieces.pop()))));
    try (Reader reader = Reader.open(file)) {
      assertEquals(1f, reader.floats("w").get(0));
    }
  }

  @Test
  void refusesToWriteWhatDoesNotFitAndLeavesNothing() throws IOException {
    Path file = dir.resolve("m");
    for (List<Entry> bad :
        List.of(
            List.of(Entry.floats("w", new long[] {3}, () -> new float[2])),
            List.of(Entry.floats("w", new long[] {1}, () -> new float[2])),
            List.of(Entry.floats("w", new long[] {-1}, () -> new float[1])),
            List.of(Entry.floats("", new long[] {1}, () -> new float[1])),
            List.of(Entry.floats("__metadata__", new long[] {1}, () -> new float[1])),
            List.of(sample().get(0), sample().get(0)))) {
      assertThrows(IllegalArgumentException.class, () -> Safetensors.write(file, Map.of(), bad));
    }
    try (Stream<Path> left = Files.list(dir)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void widensEveryHalfPrecisionValue() {
    for (int bits = 0; bits < 0x10000; bits++) {
      int exponent = bits >> 10 & 31;
      int fraction = bits & 1023;
      double magnitude =
          exponent == 31
              ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
              : exponent == 0
                  ? Math.scalb((double) fraction, -24)
                  : Math.scalb(1 + fraction / 1024.0, exponent - 15);
      float expected = (float) ((bits & 0x8000) == 0 ? magnitude : -magnitude);
      assertEquals(expected, HalfFloats.float16((short) bits), "f16 bits " + bits);
      assertEquals(
          Float.intBitsToFloat(bits << 16), HalfFloats.bfloat16((short) bits), "bf16 bits " + bits);
    }
  }

  @Test
  void readsHalfPrecisionTensorsAsFloats() {
    Path file = dir.resolve("m");
    byte[] f16 = {0x00, 0x3c, 0x00, (byte) 0xc0}; // 1, -2
    byte[] bf16 = {(byte) 0x80, 0x3f, 0x40, (byte) 0xc0}; // 1, -3
    Safetensors.write(
        file,
        Map.of(),
        List.of(
            raw("h", DType.F16, new long[] {2}, f16), raw("b", DType.BF16, new long[] {2}, bf16)));
    try (Reader reader = Reader.open(file)) {
      assertEquals(-2f, reader.floats("h").get(1));
      float[] b = new float[2];
      reader.read("b", b);
      assertArrayEquals(new float[] {1, -3}, b);
    }
  }

  @Test
  void readsTensorsOverTwoGigabytes() throws IOException {
    long elements = (1L << 29) + 5;
    Path file = dir.resolve("big");
    String header =
        "{\"w\":{\"dtype\":\"F32\",\"shape\":["
            + elements
            + "],\"data_offsets\":[0,"
            + 4 * elements
            + "]}}";
    Files.write(file, bytes(header, new byte[0]));
    long start = 8L + header.length();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer last = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      last.putFloat(2.5f).putFloat(-3f).flip();
      channel.write(last, start + 4 * (elements - 2)); // the rest stays a hole
    }
    try (Reader reader = Reader.open(file)) {
      float[] tail = new float[3];
      reader.read("w", elements - 3, tail, 0, 3);
      assertArrayEquals(new float[] {0, 2.5f, -3}, tail);
      assertThrows(UlmfitException.class, () -> reader.floats("w"));
      assertThrows(
          IndexOutOfBoundsException.class, () -> reader.read("w", elements - 2, tail, 0, 3));
    }
  }

  private static byte[] bytes(String header, byte[] data) {
    byte[] head = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + head.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(head.length)
        .put(head)
        .put(data)
        .array();
  }

  private static String tensor(String name, String dtype, String shape, String offsets) {
    return String.format(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}", name, dtype, shape, offsets);
  }

  static Stream<Arguments> defects() {
    String w = tensor("w", "F32", "[1]", "[0,4]");
    return Stream.of(
        Arguments.of(
            "overlap",
            "{" + w + "," + tensor("v", "F32", "[1]", "[2,6]") + "}",
            6,
            "byte 62: tensor v: begins at data byte 2, inside the tensor before it (expected 4)"),
        Arguments.of(
            "hole",
            "{" + w + "," + tensor("v", "F32", "[1]", "[6,10]") + "}",
            10,
            "tensor v: begins at data byte 6, after a gap (expected 4)"),
        Arguments.of(
            "hole at the start",
            "{" + tensor("w", "F32", "[1]", "[4,8]") + "}",
            8,
            "byte 9: tensor w: begins at data byte 4, after a gap (expected 0)"),
        Arguments.of(
            "trailing bytes", "{" + w + "}", 7, "byte 66: 3 bytes after the last tensor (w)"),
        Arguments.of(
            "cut short",
            "{" + w + "}",
            3,
            "tensor w: ends at data byte 4 but the file holds 3; it is cut short"),
        Arguments.of("duplicate tensor", "{" + w + "," + w + "}", 4, "Duplicate field 'w'"),
        Arguments.of(
            "duplicate key",
            "{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,4]}}",
            4,
            "Duplicate field 'dtype'"),
        Arguments.of("escaped duplicate", "{" + w + ",\"\\u0077\":{}}", 4, "Duplicate field 'w'"),
        Arguments.of(
            "shape and bytes disagree",
            "{" + tensor("w", "F32", "[2]", "[0,4]") + "}",
            4,
            "byte 9: tensor w: shape [2] of F32 needs 8 bytes, data_offsets give 4"),
        Arguments.of(
            "shape overflow",
            "{" + tensor("w", "F32", "[4294967296,4294967296]", "[0,0]") + "}",
            0,
            "shape [4294967296, 4294967296] is too large"),
        Arguments.of(
            "byte count overflow",
            "{" + tensor("w", "F64", "[2305843009213693952]", "[0,0]") + "}",
            0,
            "is too large"),
        Arguments.of(
            "number overflow",
            "{" + tensor("w", "F32", "[99999999999999999999]", "[0,4]") + "}",
            4,
            "out of range"),
        Arguments.of(
            "negative size",
            "{" + tensor("w", "F32", "[-1]", "[0,4]") + "}",
            4,
            "tensor w: shape holds -1"),
        Arguments.of(
            "fractional size",
            "{" + tensor("w", "F32", "[1.0]", "[0,4]") + "}",
            4,
            "tensor w: shape holds 1.0, not a whole number"),
        Arguments.of(
            "backward offsets",
            "{" + tensor("w", "F32", "[1]", "[4,0]") + "}",
            4,
            "tensor w: data_offsets [4, 0] run backwards"),
        Arguments.of(
            "three offsets",
            "{" + tensor("w", "F32", "[1]", "[0,4,8]") + "}",
            4,
            "data_offsets has more than 2 entries"),
        Arguments.of(
            "unknown dtype",
            "{" + tensor("w", "F12", "[1]", "[0,4]") + "}",
            4,
            "tensor w: unknown dtype F12"),
        Arguments.of(
            "unknown key",
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}",
            4,
            "tensor w: unknown key \"x\""),
        Arguments.of(
            "missing key",
            "{\"w\":{\"dtype\":\"F32\",\"shape\":[1]}}",
            4,
            "byte 9: tensor w: needs dtype, shape and two data_offsets"),
        Arguments.of(
            "empty name",
            "{" + tensor("", "F32", "[1]", "[0,4]") + "}",
            4,
            "byte 9: a tensor's name is empty"),
        Arguments.of(
            "control character",
            "{" + tensor("a\\u0000b", "F32", "[1]", "[0,4]") + "}",
            4,
            "a tensor's name holds U+0000"),
        Arguments.of(
            "lone surrogate",
            "{" + tensor("a\\ud800b", "F32", "[1]", "[0,4]") + "}",
            4,
            "header is not valid"),
        Arguments.of(
            "tensor is a number", "{\"w\":3}", 0, "tensor w: is not described by an object"),
        Arguments.of(
            "metadata is a list", "{\"__metadata__\":[]}", 0, "__metadata__: is not an object"),
        Arguments.of(
            "metadata value is a number",
            "{\"__metadata__\":{\"a\":1}}",
            0,
            "__metadata__: value of \"a\" is not a string"),
        Arguments.of(
            "nested too deep", "{\"w\":{\"shape\":[[[[[1]]]]]}}", 0, "tensor w: shape holds ["),
        Arguments.of("goes on", "{} {}", 0, "byte 11: header goes on after its closing brace"),
        Arguments.of("padded with newline", "{}\n", 0, "byte 10: header goes on"),
        Arguments.of("not an object", "[]", 0, "byte 8: header does not begin with {"),
        Arguments.of("leading space", " {}", 0, "byte 8: header does not begin with {"),
        Arguments.of("open brace", "{\"w\":{", 0, "header is not valid"),
        Arguments.of("trailing comma", "{" + w + ",}", 4, "header is not valid"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("defects")
  void refusesInOneLine(String name, String header, int dataBytes, String expected)
      throws IOException {
    Path file = dir.resolve("bad.safetensors");
    Files.write(file, bytes(header, new byte[dataBytes]));
    assertRefused(file, expected);
  }

  private static void assertRefused(Path file, String expected) {
    UlmfitException e = assertThrows(UlmfitException.class, () -> Reader.open(file));
    assertEquals(UlmfitException.Kind.BAD_MODEL, e.kind());
    assertTrue(e.getMessage().contains(expected), e.getMessage());
    assertTrue(e.getMessage().startsWith(file + ", byte "), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void refusesBadFraming() throws IOException {
    Path file = dir.resolve("bad");
    Files.write(file, new byte[5]);
    assertRefused(file, "byte 5: file ends inside the 8-byte header length");
    Files.write(file, new byte[8]);
    assertRefused(file, "header length 0 is outside 2..100000000");
    Files.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, '{', '}'});
    assertRefused(file, "header length 18446744073709551615 is outside");
    Files.write(file, new byte[] {1, -31, -11, 5, 0, 0, 0, 0, '{', '}'});
    assertRefused(file, "header length 100000001 is outside");
    Files.write(file, new byte[] {9, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
    assertRefused(file, "header length 9 runs past the end of the file");
    Files.write(file, new byte[] {4, 0, 0, 0, 0, 0, 0, 0, '{', '"', -1, '}'});
    assertRefused(file, "byte 10: header is not UTF-8");
  }

  @Test
  void everyCutOfAFileIsRefused() throws IOException {
    Path whole = dir.resolve("whole");
    Safetensors.write(whole, Map.of(), sample());
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = dir.resolve("cut");
    for (int length = 0; length < bytes.length; length++) {
      Files.write(cut, java.util.Arrays.copyOf(bytes, length));
      assertThrows(UlmfitException.class, () -> Reader.open(cut), "cut to " + length);
    }
  }

  @Test
  void namesTheFileOfAMissingTensorOrType() {
    Path file = dir.resolve("m");
    Safetensors.write(file, Map.of(), sample());
    try (Reader reader = Reader.open(file)) {
      assertEquals(
          file + ": no tensor q",
          assertThrows(UlmfitException.class, () -> reader.floats("q")).getMessage());
      assertEquals(
          file + ": tensor a.steps is I64, expected F32, F16 or BF16",
          assertThrows(UlmfitException.class, () -> reader.floats("a.steps")).getMessage());
      assertEquals(
          file + ": tensor z.weight is F32, expected I64 or I32",
          assertThrows(UlmfitException.class, () -> reader.longs("z.weight")).getMessage());
    }
    Path none = dir.resolve("none");
    assertEquals(
        none + ": cannot be read: no such file or folder",
        assertThrows(UlmfitException.class, () -> Reader.open(none)).getMessage());
  }
}
