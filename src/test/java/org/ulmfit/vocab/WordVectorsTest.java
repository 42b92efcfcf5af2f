package org.ulmfit.vocab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.UlmfitException;

class WordVectorsTest {
  private static final Vocab VOCAB =
      Vocab.of(List.of("xxunk", "xxpad", "the", "film", "is", ". ."));

  @TempDir Path dir;

  private Path file(String text) throws IOException {
    return Files.writeString(dir.resolve("v.txt"), text);
  }

  @Test
  void gloveWithBlanksInWordsAndAHeaderOfFastText() throws IOException {
    for (String header : new String[] {"", "4 2\n"}) {
      WordVectors vectors =
          WordVectors.open(file(header + "the 1 2\n. . 3 4\nfilm -1e-2 .5 \r\nother 7 7\n"));
      assertEquals(2, vectors.width());
      float[] table = new float[12];
      boolean[] known = new boolean[6];
      assertEquals(
          new WordVectors.Found(4, 3, 0), vectors.into(VOCAB, table, known), "header " + header);
      assertArrayEquals(new float[] {0, 0, 0, 0, 1, 2, -.01f, .5f, 0, 0, 3, 4}, table);
      assertArrayEquals(new boolean[] {false, false, true, true, false, true}, known);
    }
  }

  @Test
  void theWordAsItIsComesBeforeOneInCapitals() throws IOException {
    WordVectors vectors =
        WordVectors.open(file("The 9 9\nIS 5 6\nthe 1 2\nTHE 8 8\nIs 7 7\nthe 3 3\n"));
    float[] table = new float[12];
    WordVectors.Found found = vectors.into(VOCAB, table, new boolean[6]);
    assertEquals(new WordVectors.Found(6, 2, 1), found);
    assertArrayEquals(new float[] {1, 2}, new float[] {table[4], table[5]});
    assertArrayEquals(new float[] {5, 6}, new float[] {table[8], table[9]});
  }

  @Test
  void gzip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write("the 1 2\n".getBytes(StandardCharsets.UTF_8));
    }
    Path file = Files.write(dir.resolve("v.vec.gz"), bytes.toByteArray());
    float[] table = new float[12];
    assertEquals(1, WordVectors.open(file).into(VOCAB, table, new boolean[6]).found());
  }

  @Test
  void aBrokenFileIsOneLine() throws IOException {
    Map<String, String> broken =
        Map.of(
            "", "line 1: the file is empty",
            "no numbers here\n", "line 1: no word with numbers behind it",
            "2 3\n", "line 2: no word with numbers behind it",
            "the 1 2\nfilm 3\n", "line 2: a word and 1 numbers where 2 belong",
            "the 1 2\nfilm 3 4 5\n", "line 2: a word and 3 numbers where 2 belong",
            "the 1 2\nfilm 3 x\n", "line 2: \"x\" is no number",
            "the 1 2\nfilm 3 NaN\n", "line 2: \"NaN\" is no number");
    for (Map.Entry<String, String> one : broken.entrySet()) {
      Path file = file(one.getKey());
      UlmfitException refused =
          assertThrows(
              UlmfitException.class,
              () -> WordVectors.open(file).into(VOCAB, new float[12], new boolean[6]),
              one.getKey());
      assertTrue(refused.getMessage().contains(one.getValue()), refused.getMessage());
      assertEquals(UlmfitException.Kind.BAD_DATA, refused.kind());
    }
    Path binary = Files.write(dir.resolve("v.bin"), new byte[] {'a', ' ', (byte) 0xff, '\n'});
    assertTrue(
        assertThrows(UlmfitException.class, () -> WordVectors.open(binary))
            .getMessage()
            .contains("not UTF-8"));
  }
}
