package org.ulmfit.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ulmfit.interop.TorchBytes.assertRefused;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ulmfit.interop.PickleValue.Dict;
import org.ulmfit.interop.PickleValue.Sequence;
import org.ulmfit.interop.PickleValue.Tuple;
import org.ulmfit.io.PickleBytes;

class PickleTest {

  @TempDir Path dir;

  private static PickleBytes pickle() {
    return new PickleBytes().protocol();
  }

  private Object read(PickleBytes pickle) {
    return read(pickle.toByteArray());
  }

  private Object read(byte[] bytes) {
    Path file = TorchBytes.write(dir.resolve("p"), bytes);
    try (FileChannel channel = FileChannel.open(file)) {
      return Pickle.read(new PickleSource(file, channel, 0, bytes.length), new TorchNames());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Object> list(PickleBytes pickle) {
    return ((Sequence) read(pickle)).items;
  }

  @Test
  void readsPlainData() {
    assertEquals(
        Arrays.asList(7L, 1000L, -1L, 1L << 40, -3L, 0L, 0.5, true, false, "é\n", "ab"),
        list(
            pickle()
                .op(']', '(')
                .number(7)
                .number(1000)
                .number(-1)
                .number(1L << 40)
                .op(0x8a, 1, 0xfd, 0x8a, 0)
                .op('G', 0x3f, 0xe0, 0, 0, 0, 0, 0, 0)
                .op(0x88, 0x89)
                .text("é\n")
                .op('U', 2, 'a', 'b')
                .op('e', '.')));
  }

  @Test
  void readsIntegersBeyondALong() {
    Object value =
        read(
            pickle().op(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, '.'));
    assertEquals(new BigInteger("1950a86a20f9469cfc6c", 16), value);
  }

  @Test
  void readsTheFormsOfProtocol4() {
    PickleBytes four = new PickleBytes().op(0x80, 4, 0x95, 20, 0, 0, 0, 0, 0, 0, 0);
    four.op(']', 0x94, '(', 0x8c, 1, 'x', 0x94, 0x8d, 1, 0, 0, 0, 0, 0, 0, 0, 'y', 0x94, 'h', 1);
    assertEquals(List.of("x", "y", "x"), list(four.op('e', '.')));
  }

  @Test
  void readsTuplesDictionariesAndTheMemo() {
    PickleBytes p = pickle().op('}', 'q', 0, '(').text("a").op('q', 1);
    p.number(1).number(2).op(0x86, 'r', 2, 0, 0, 0).text("b").op('j', 2, 0, 0, 0, 'u', '.');
    Map<Object, Object> entries = ((Dict) read(p)).entries;
    assertEquals(List.of("a", "b"), List.copyOf(entries.keySet()));
    assertEquals(List.of(1L, 2L), ((Tuple) entries.get("a")).items);
    assertTrue(entries.get("a") == entries.get("b"));
  }

  @Test
  void dropsTheMetadataOfAnOrderedDict() {
    PickleBytes p = pickle().global("collections", "OrderedDict").op(')', 'R', '}');
    p.text("_metadata").op('}', 's', 'b', '.');
    assertEquals(Map.of(), ((Dict) read(p)).entries);
  }

  @Test
  void readsAnOrderedDictOfPython2() {
    PickleBytes p = pickle().global("collections", "OrderedDict").op(']', ']', '(');
    p.op('U', 1, 'k').number(3).op('e', 'a', 0x85, 'R', '.');
    assertEquals(Map.of("k", 3L), ((Dict) read(p)).entries);
  }

  @Test
  void whatFastai2KeepsOfAnOptimiserIsPassedOver() {
    PickleBytes p = pickle().op(']').global("fastcore.foundation", "L").op(')', 0x81, '}');
    p.text("items").op(']', 's', 'b', 'a').global("_codecs", "encode").text("x").op(0x85, 'R', 'a');
    List<Object> items = list(p.op('.'));
    assertEquals("a fastcore.foundation.L", PickleValue.kind(items.get(0)));
    assertEquals("a _codecs.encode", PickleValue.kind(items.get(1)));
  }

  static Stream<Arguments> hostile() {
    return Stream.of(
        Arguments.of("byte 2: refused the name posix.system: ", call(pickle(), "posix", "system")),
        Arguments.of("refused the name os.system", stackGlobal("os", "system")),
        Arguments.of("refused the name builtins.getattr", call(pickle(), "builtins", "getattr")),
        Arguments.of(
            "refused the name pkgutil.resolve_name", call(pickle(), "pkgutil", "resolve_name")),
        Arguments.of("refused the name torch.load", call(pickle(), "torch", "load")),
        Arguments.of(
            "refused the name torch._utils.os.system", call(pickle(), "torch._utils", "os.system")),
        Arguments.of("refused the name a\\u000db.c", call(pickle(), "a\rb", "c")),
        Arguments.of(
            "a whole pickled module", pickle().global("torch.nn.modules.linear", "Linear")),
        Arguments.of("learn.save_encoder", pickle().global("fastai.text.learner", "LMLearner")),
        Arguments.of(
            "under 'opt': refused the name os.system: the optimiser state",
            pickle().op('}', '(').text("model").op('}').text("opt").global("os", "system")),
        Arguments.of(
            "under 'opt': refused the name a.B: the optimiser state",
            pickle()
                .op('}', '(')
                .text("model")
                .op('}')
                .text("opt")
                .op('}', '(')
                .text("s")
                .global("a", "B")),
        Arguments.of("opcode 0x69", pickle().op('(').text("x").op('i', 'o', 's', '\n', 'x', '\n')),
        Arguments.of("opcode 0x6f", pickle().op('(', 'N', 'o', '.')),
        Arguments.of("opcode 0x82", pickle().op(0x82, 1, '.')),
        Arguments.of("opcode 0x83", pickle().op(0x83, 1, 0, '.')),
        Arguments.of("opcode 0x84", pickle().op(0x84, 1, 0, 0, 0, '.')),
        Arguments.of("opcode 0x92", pickle().op(')', ')', '}', 0x92, '.')),
        Arguments.of("opcode 0x8b", pickle().op(0x8b, 0, 0, 0, 0x10)),
        Arguments.of("opcode 0x50", pickle().op('P', '0', '\n', '.')),
        Arguments.of("opcode 0x32", pickle().op('N', '2', '.')),
        Arguments.of(
            "an object is made from a name",
            pickle().global("collections", "OrderedDict").op(')', 0x81, '.')),
        Arguments.of("an object is made from a string", pickle().text("os").op(')', 0x81, '.')),
        Arguments.of("a call of a string", pickle().text("os").op(')', 'R', '.')),
        Arguments.of("a call of a name", pickle().global("torch", "FloatStorage").op(')', 'R')),
        Arguments.of("without a tuple", pickle().global("torch", "Size").op('N', 'R')),
        Arguments.of("torch.Size", pickle().global("torch", "Size").op(')', 'R')),
        Arguments.of("an OrderedDict that", orderedDict(pickle()).op('N', 0x85, 'R')),
        Arguments.of("of other things", orderedDict(pickle()).op(']', 'N', 'a', 0x85, 'R')),
        Arguments.of(
            "attributes for a tensor",
            TorchBytes.view(pickle(), 1, 0, new long[0], new long[0]).op('}', 'b', '.')),
        Arguments.of("attributes for a list", pickle().op(']', '}', 'b', '.')),
        Arguments.of("attributes for None", pickle().op('N', '}', 'b', '.')),
        Arguments.of(
            "attributes for a dictionary", orderedDict(pickle()).op(')', 'R', 'N', 'b', '.')),
        Arguments.of("a name that is not", pickle().number(1).text("x").op(0x93)),
        Arguments.of("a reference to something", pickle().text("x").op('Q')),
        Arguments.of("a reference to something", pickle().op('(').text("module").op('t', 'Q')),
        Arguments.of("has -5 elements", TorchBytes.storage(pickle(), "FloatStorage", "0", -5)),
        Arguments.of(
            "has 4611686018427387904 elements",
            TorchBytes.storage(pickle(), "FloatStorage", "0", 1L << 62)),
        Arguments.of(
            "is described in two ways",
            TorchBytes.storage(
                TorchBytes.storage(pickle(), "FloatStorage", "0", 5), "HalfStorage", "0", 5)),
        Arguments.of("a parameter that", parameter(pickle()).op('N', 'N', 'N', 0x87, 'R')),
        Arguments.of("a tensor that", rebuild(pickle()).op(')', 'R')),
        Arguments.of("or of itself", pickle().op(']', 'q', 0, 'h', 0, 'a', '.')),
        Arguments.of("or of itself", pickle().op(']', 'q', 0, 'h', 0, 0x85, 'a')),
        Arguments.of("or of itself", pickle().op('}', 'q', 0).text("k").op('h', 0, 's')),
        Arguments.of(
            "or of itself", pickle().op(']', 'q', 0, 0x85, 'q', 1, 'h', 0, 'h', 1, 'a', '.')),
        Arguments.of("the key 'x' stands twice", twice(pickle().op('}', '('))),
        Arguments.of("key is a list", pickle().op('}', ']', 'N', 's', '.')),
        Arguments.of("a key without", pickle().op('}', '(', 'N', 'u', '.')),
        Arguments.of("keys for a list", pickle().op(']', 'N', 'N', 's', '.')),
        Arguments.of("items for a dictionary", pickle().op('}', 'N', 'a', '.')),
        Arguments.of("never remembered", pickle().op('h', 3, '.')),
        Arguments.of("never remembered", pickle().op('j', 255, 255, 255, 255, '.')),
        Arguments.of("to remember", pickle().op('N', 'r', 255, 255, 255, 255, '.')),
        Arguments.of("not there", pickle().op('.')),
        Arguments.of("not there", pickle().op('N', '(', 'a')),
        Arguments.of("not there", pickle().op('N', '(', 0x85)),
        Arguments.of("not there", pickle().op('q', 0)),
        Arguments.of("did not begin", pickle().op('N', 't', '.')),
        Arguments.of("left over", pickle().op('N', 'N', '.')),
        Arguments.of("an integer of 255 bytes", pickle().op(0x8a, 255)),
        Arguments.of("a string of 4294967295", pickle().op('X', 255, 255, 255, 255)),
        Arguments.of(
            "a string of 18446744073709551615",
            pickle().op(0x8d, 255, 255, 255, 255, 255, 255, 255, 255)),
        Arguments.of("5 bytes are due, 1 are left", pickle().op('X', 5, 0, 0, 0, 'x')),
        Arguments.of("4294967295 bytes are due", pickle().op('B', 255, 255, 255, 255)),
        Arguments.of("a frame of", pickle().op(0x95, 255, 255, 255, 255, 255, 255, 255, 127)),
        Arguments.of("not UTF-8", pickle().op('X', 3, 0, 0, 0, 0xed, 0xa0, 0x80, '.')),
        Arguments.of("protocol 2 to 5", new PickleBytes().op('(', 'l', 'p', '0', '\n', '.')),
        Arguments.of("protocol 2 to 5", new PickleBytes().op(0x80, 9, 'N', '.')),
        Arguments.of("a name of more than", pickle().op('c').op(new int[600])),
        Arguments.of("cut short", pickle().op('N')),
        Arguments.of("cut short", new PickleBytes()));
  }

  private static PickleBytes call(PickleBytes p, String module, String name) {
    return p.global(module, name).text("id").op(0x85, 'R', '.');
  }

  private static PickleBytes stackGlobal(String module, String name) {
    return pickle().text(module).text(name).op(0x93).text("id").op(0x85, 'R', '.');
  }

  private static PickleBytes orderedDict(PickleBytes p) {
    return p.global("collections", "OrderedDict");
  }

  private static PickleBytes parameter(PickleBytes p) {
    return p.global("torch._utils", "_rebuild_parameter");
  }

  private static PickleBytes rebuild(PickleBytes p) {
    return p.global("torch._utils", "_rebuild_tensor");
  }

  private static PickleBytes twice(PickleBytes p) {
    return p.text("x").op('N').text("x").op('N', 'u', '.');
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void refusesInOneLine(String expected, PickleBytes bytes) {
    assertRefused(expected, () -> read(bytes));
  }

  private byte[] million(String head, String repeated, String tail) {
    byte[] bytes = (head + repeated.repeat(1_100_000) + tail).getBytes(StandardCharsets.ISO_8859_1);
    return TorchBytes.join(new byte[] {(byte) 0x80, 2}, bytes);
  }

  @Test
  @Timeout(300)
  void refusesWhatIsNestedWithoutEnd() {
    assertRefused("inside one another", () -> read(million(")", "\u0085", ".")));
    assertRefused("inside one another", () -> read(million("", "(", ".")));
    assertRefused("values", () -> read(million("", "]", "a".repeat(1_100_000))));
  }

  @Test
  @Timeout(300)
  void refusesBombs() {
    assertRefused("more than 1048576 values", () -> read(million("", "N", ".")));
    assertRefused("more than 1048576 values", () -> read(million("Nq\0", "h\0", ".")));
    assertRefused("to remember", () -> read(million("N", "\u0094", ".")));
    PickleBytes laughs = pickle().op(']', 'q', 0);
    for (int i = 0; i < 60; i++) {
      laughs.op(']', 'q', i + 1, '(', 'h', i, 'h', i, 'h', i, 'h', i, 'e');
    }
    assertRefused("left over", () -> read(laughs.op('.')));
  }
}
