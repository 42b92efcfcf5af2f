package org.ulmfit.vocab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.UlmfitException;

class TokenStoreTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(ints = {64, 4096, Segments.DEFAULT_SIZE})
  void roundTripAcrossSegments(int segmentSize) {
    Random random = new Random(1);
    List<int[]> documents = new ArrayList<>();
    Path file = dir.resolve("train.tokens");
    try (TokenStore.Writer writer = new TokenStore.Writer(file)) {
      for (int doc = 0; doc < 3000; doc++) {
        int[] ids = random.ints(random.nextInt(60), 0, 1000).toArray();
        documents.add(ids);
        writer.append("dök/" + doc, doc % 3 - 1, ids);
      }
      writer.finish();
    }
    long[] counts = new long[1000];
    documents.forEach(ids -> Arrays.stream(ids).forEach(id -> counts[id]++));
    try (TokenStore store = TokenStore.open(file, segmentSize)) {
      assertEquals(3000, store.size());
      assertEquals(Arrays.stream(counts).sum(), store.tokens());
      for (int doc = 0; doc < 3000; doc++) {
        assertArrayEquals(documents.get(doc), store.ids(doc));
        assertEquals(documents.get(doc).length, store.length(doc));
        assertEquals("dök/" + doc, store.id(doc));
        assertEquals(doc % 3 - 1, store.label(doc));
      }
      assertArrayEquals(counts, store.counts(1000));
      assertThrows(IndexOutOfBoundsException.class, () -> store.ids(3000));
      UlmfitException error = assertThrows(UlmfitException.class, () -> store.counts(500));
      assertEquals(UlmfitException.Kind.BAD_DATA, error.kind());
    }
  }

  @Test
  void anEmptyStoreIsAStore() {
    Path file = dir.resolve("empty.tokens");
    try (TokenStore.Writer writer = new TokenStore.Writer(file)) {
      writer.finish();
    }
    assertEquals(0, TokenStore.open(file).size());
    assertEquals("0 documents, 0 tokens", TokenStore.open(file).description());
  }

  @Test
  void nothingHasTheFinalNameBeforeTheEnd() {
    Path file = dir.resolve("x.tokens");
    try (TokenStore.Writer writer = new TokenStore.Writer(file)) {
      writer.append("a", 0, new int[] {1, 2, 3});
      assertFalse(Files.exists(file));
    }
    assertFalse(Files.exists(file));
    assertFalse(Files.exists(dir.resolve("x.tokens.tmp")));
  }

  @Test
  void aFileCutShortIsRefused() throws Exception {
    Path file = dir.resolve("x.tokens");
    try (TokenStore.Writer writer = new TokenStore.Writer(file)) {
      writer.append("a", 0, new int[] {1, 2, 3});
      writer.finish();
    }
    byte[] whole = Files.readAllBytes(file);
    for (int n = 0; n < whole.length; n++) {
      Files.write(file, Arrays.copyOf(whole, n));
      UlmfitException error = assertThrows(UlmfitException.class, () -> TokenStore.open(file));
      assertEquals(UlmfitException.Kind.BAD_DATA, error.kind());
      assertTrue(error.getMessage().contains("prepare the corpus again"));
    }
  }
}
