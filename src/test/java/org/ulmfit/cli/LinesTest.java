package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ulmfit.UlmfitException;

class LinesTest {

  private static List<String> all(byte[] bytes) {
    List<String> lines = new ArrayList<>();
    try (Lines reader = new Lines(new ByteArrayInputStream(bytes), "in.txt")) {
      for (String line = reader.next(); line != null; line = reader.next()) {
        lines.add(line);
      }
      assertNull(reader.next());
    }
    return lines;
  }

  private static List<String> all(String text) {
    return all(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void onlyLineFeedsEndALine() {
    assertEquals(
        List.of("a\rb\u2028c\u0085d\fe", "", "last"), all("a\rb\u2028c\u0085d\fe\r\n\nlast"));
    assertEquals(List.of("one"), all("one\n"));
    assertEquals(List.of(), all(""));
    assertEquals(List.of("", ""), all("\n\n"));
  }

  @Test
  void theMarkIsSkippedAtTheStartOnly() {
    assertEquals(List.of("a", "\ufeffb"), all("\ufeffa\n\ufeffb\n"));
  }

  @Test
  void linesMayBeLongerThanTheBuffer() {
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
    assertTrue(
        e.getMessage().startsWith("in.txt: line 2, byte 8 of the input: not UTF-8"),
        e.getMessage());
  }

  @Test
  void aBatchDoesNotWaitForMore() throws IOException {
    try (PipedOutputStream writer = new PipedOutputStream();
        Lines lines = new Lines(new PipedInputStream(writer, 1 << 16), "pipe")) {
      writer.write("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
      assertEquals(List.of("one", "two"), lines.batch(100, 1 << 20));
      writer.write("three\nfour\n".getBytes(StandardCharsets.UTF_8));
      assertEquals(List.of("three"), lines.batch(1, 1 << 20));
      assertEquals(List.of("four"), lines.batch(100, 1 << 20));
      assertEquals(4, lines.number());
    }
  }
}
