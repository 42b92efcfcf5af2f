package org.ulmfit.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.ulmfit.interop.TorchBytes.assertRefused;
import static org.ulmfit.interop.TorchBytes.refused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.io.PickleBytes;

class VocabPickleTest {

  @TempDir Path dir;

  private List<String> read(byte[] bytes) {
    return VocabPickle.read(TorchBytes.write(dir.resolve("itos.pkl"), bytes));
  }

  private void assertPickle(String expected, PickleBytes bytes) {
    assertRefused(expected, () -> read(bytes.toByteArray()));
  }

  private static PickleBytes pickle() {
    return new PickleBytes().protocol();
  }

  @Test
  void readsTheFixture() {
    assertEquals(
        List.of("_unk_", "_pad_", "the", "é", "\n\n"),
        read(TorchBytes.resource("golden_itos.pkl")));
  }

  @Test
  void readsTheFormsOfProtocol4() {
    PickleBytes four = new PickleBytes().op(0x80, 4, 0x95, 11, 0, 0, 0, 0, 0, 0, 0);
    four.op(']', 0x94, '(', 0x8c, 1, 'x', 0x94, 0x8c, 1, 'y', 0x94, 'e', '.');
    assertEquals(List.of("x", "y"), read(four.toByteArray()));
  }

  @Test
  void fillersMayStandTwice() {
    PickleBytes p = pickle().op(']', '(').text("xxunk").text("xxfake").text("xxfake");
    assertEquals(List.of("xxunk", "xxfake", "xxfake"), read(p.op('e', '.').toByteArray()));
  }

  @Test
  void writesWhatItReads() throws IOException {
    List<String> words =
        IntStream.range(0, 2500).mapToObj(i -> i == 7 ? "\ud83d\udd35 é\n" : "w" + i).toList();
    Path file = dir.resolve("out.pkl");
    VocabPickle.write(file, words);
    assertEquals(words, VocabPickle.read(file));
    byte[] first = Files.readAllBytes(file);
    VocabPickle.write(file, words);
    assertArrayEquals(first, Files.readAllBytes(file));
    VocabPickle.write(file, List.of());
    assertEquals(List.of(), VocabPickle.read(file));
    assertThrows(
        IllegalArgumentException.class, () -> VocabPickle.write(file, List.of("a", "\ud83d")));
    assertEquals(List.of(), VocabPickle.read(file));
  }

  @Test
  void refusesWhatIsNoListOfWords() {
    assertPickle("word 1 is a number", pickle().op(']', '(').text("a").number(1).op('e', '.'));
    assertPickle("word 0 is bytes", pickle().op(']', 'C', 1, 'a', 'a', '.'));
    assertPickle("word 0 is a list", pickle().op(']', ']', 'a', '.'));
    assertPickle(
        "'a' stands twice, at 0 and 2",
        pickle().op(']', '(').text("a").text("b").text("a").op('e', '.'));
    assertPickle("holds a tuple", pickle().text("a").op(0x85, '.'));
    assertPickle("holds a dictionary", pickle().op('}', '.'));
    assertPickle("holds a string", pickle().text("a").op('.'));
    assertPickle("pickle.dump(vocab.itos", pickle().global("fastai.text.transform", "Vocab"));
    assertPickle("(itos) is needed", pickle().global("collections", "defaultdict"));
    assertPickle("a list of strings", pickle().global("os", "system"));
    assertPickle(
        "refused the name torch._utils._rebuild", pickle().global("torch._utils", "_rebuild"));
    assertPickle("a reference out of the file", pickle().text("x").op('Q'));
    assertPickle("a call", pickle().text("x").op(')', 'R'));
    assertPickle("half of a surrogate pair", pickle().op(']', 'X', 3, 0, 0, 0, 0xed, 0xa0, 0x80));
    assertPickle("1 bytes after the end", pickle().op(']', '.', '.'));
    assertRefused("holds a number", () -> read(TorchBytes.resource("golden_legacy.pth")));
    assertRefused("not a pickle", () -> read(TorchBytes.resource("golden_zip.pth")));
  }

  @Test
  void refusesAListThatIsCutShortAnywhere() {
    byte[] whole = TorchBytes.resource("golden_itos.pkl");
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      refused(() -> read(cut));
    }
  }
}
