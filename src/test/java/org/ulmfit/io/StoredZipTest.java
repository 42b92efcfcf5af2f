package org.ulmfit.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class StoredZipTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StoredZip zip = new StoredZip(out, "top");

  @Test
  void aPlainReaderReadsIt() throws IOException {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 70; i++) { // every length of padding
      String name = "n".repeat(i + 1);
      zip.entry(name, name.getBytes(StandardCharsets.US_ASCII));
      expected.add("top/" + name + "=" + name);
    }
    zip.finish();
    List<String> found = new ArrayList<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
      for (ZipEntry entry; (entry = in.getNextEntry()) != null; ) {
        String content = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        found.add(entry.getName() + "=" + content);
        assertEquals(ZipEntry.STORED, entry.getMethod());
      }
    }
    assertEquals(expected, found);
  }

  @Test
  void refusesRepeatedNamesAndOtherSizes() throws IOException {
    zip.entry("a", new byte[1]);
    assertThrows(IllegalArgumentException.class, () -> zip.entry("a", new byte[1]));
    assertThrows(IllegalArgumentException.class, () -> zip.entry("b", 2, o -> o.write(1)));
  }

  @Test
  void refusesMoreThan4GiBBeforeWritingIt() {
    IOException e = assertThrows(IOException.class, () -> zip.entry("a", 1L << 32, o -> {}));
    assertTrue(e.getMessage().contains("4 GiB"), e.getMessage());
    assertEquals(0, out.size());
  }

  @Test
  void aPickleHoldsNumbersInTheirShortestForm() {
    PickleBytes p =
        new PickleBytes().protocol().number(255).number(256).number(-1).number(1L << 33);
    int[] bytes = {
      0x80, 2, 'K', 255, 'M', 0, 1, 'J', 255, 255, 255, 255, 0x8a, 8, 0, 0, 0, 0, 2, 0, 0, 0
    };
    byte[] expected = new PickleBytes().op(bytes).toByteArray();
    assertArrayEquals(expected, p.toByteArray());
    assertThrows(IllegalArgumentException.class, () -> p.text("\udc00"));
  }
}
