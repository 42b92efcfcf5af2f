package org.ulmfit.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ulmfit.UlmfitException;

class LineSourceTest {

  private static LineSource lines(InputStream in) {
    return new LineSource(new StrictReader(in, StandardCharsets.UTF_8, "in.txt"), "in.txt", false);
  }

  private static List<String> all(byte[] bytes) throws IOException {
    List<String> lines = new ArrayList<>();
    LineSource reader = lines(new ByteArrayInputStream(bytes));
    for (String line = reader.next(); line != null; line = reader.next()) {
      lines.add(line);
    }
    assertNull(reader.next());
    return lines;
  }

  private static List<String> all(String text) throws IOException {
    return all(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void onlyLineFeedsEndALine() throws IOException {
    assertEquals(
        List.of("a\rb\u2028c\u0085d\fe", "", "last"), all("a\rb\u2028c\u0085d\fe\r\n\nlast"));
    assertEquals(List.of("one"), all("one\n"));
    assertEquals(List.of(), all(""));
    assertEquals(List.of("", ""), all("\n\n"));
  }

  @Test
  void theMarkIsSkippedAtTheStartOnly() throws IOException {
    assertEquals(List.of("a", "\ufeffb"), all("\ufeffa\n\ufeffb\n"));
  }

  @Test
  void linesMayBeLongerThanTheBuffer() throws IOException {
    String longLine = "é".repeat(200_000);
    assertEquals(List.of("x", longLine, "y", longLine), all("x\n" + longLine + "\ny\n" + longLine));
  }

  @Test
  void malformedBytesAreNamed() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("good\nbad".getBytes(StandardCharsets.UTF_8));
    bytes.write(0xE9);
    bytes.writeBytes(" more\n".getBytes(StandardCharsets.UTF_8));
    UlmfitException e = assertThrows(UlmfitException.class, () -> all(bytes.toByteArray()));
    assertEquals(UlmfitException.Kind.BAD_DATA, e.kind());
    assertTrue(e.getMessage().startsWith("in.txt: byte 8: not UTF-8"), e.getMessage());
  }

  @Test
  void whereThereAreNoLineFeedsCarriageReturnsEndLines() throws IOException {
    LineSource old = new LineSource(new StringReader("one\rtwo\r\rfour"), "in.txt", true);
    assertEquals(
        List.of("one", "two", "", "four"), Stream.of(1, 2, 3, 4).map(i -> next(old)).toList());
    assertNull(old.next());
  }

  private static String next(LineSource lines) {
    try {
      return lines.next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatIsThereIsReadyAndNoMore() throws IOException {
    try (PipedOutputStream writer = new PipedOutputStream()) {
      LineSource lines = lines(new PipedInputStream(writer, 1 << 16));
      assertFalse(lines.ready());
      writer.write("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
      assertEquals("one", lines.next());
      assertTrue(lines.ready());
      assertEquals("two", lines.next());
      assertFalse(lines.ready());
      writer.write("three\n".getBytes(StandardCharsets.UTF_8));
      assertEquals("three", lines.next());
      assertEquals(3, lines.number());
    }
  }
}
