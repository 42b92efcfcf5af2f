package org.ulmfit.vocab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.UlmfitException;

class TokenStoreTest {
  @TempDir Path dir;

  /** None, one, two. */
  private static int[] labels(int doc) {
    return new int[][] {{}, {doc % 7}, {4, doc % 4}}[doc % 3];
  }

  private String sum(String ids, int[] tokens, int... labels) {
    Path file = dir.resolve("sum.tokens");
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      writer.append(ids + 1, new int[] {1, 2});
      writer.append(ids + 2, tokens, labels);
      writer.finish();
    }
    try (TokenStore store = TokenStore.open(file)) {
      return store.sha256();
    }
  }

  @Test
  void itsSumIsOfTokensAndLabelsAlone() {
    String sum = sum("a/", new int[] {3, 4}, 1);
    assertEquals(sum, sum("elsewhere/a/", new int[] {3, 4}, 1));
    for (String other :
        List.of(
            sum("a/", new int[] {4, 3}, 1),
            sum("a/", new int[] {3, 4}, 2),
            sum("a/", new int[] {3, 4}),
            sum("a/", new int[] {3, 4, 1}))) {
      assertFalse(sum.equals(other));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 4096, Segments.DEFAULT_SIZE})
  void roundTripAcrossSegments(int segmentSize) {
    Random random = new Random(1);
    List<int[]> documents = new ArrayList<>();
    Path file = dir.resolve("train.tokens");
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      for (int doc = 0; doc < 3000; doc++) {
        int[] ids = random.ints(random.nextInt(60), 0, 1000).toArray();
        documents.add(ids);
        writer.append("dök/" + doc, ids, labels(doc));
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
        assertArrayEquals(labels(doc), store.labels(doc));
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
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      writer.finish();
    }
    assertEquals(0, TokenStore.open(file).size());
    assertEquals("0 documents, 0 tokens", TokenStore.open(file).description());
  }

  @Test
  void nothingHasTheFinalNameBeforeTheEnd() {
    Path file = dir.resolve("x.tokens");
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      writer.append("a", new int[] {1, 2, 3}, 0);
      assertFalse(Files.exists(file));
    }
    assertFalse(Files.exists(file));
    assertFalse(Files.exists(dir.resolve("x.tokens.tmp")));
  }

  @Test
  void aFileCutShortIsRefused() throws Exception {
    Path file = dir.resolve("x.tokens");
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      writer.append("a", new int[] {1, 2, 3}, 0);
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

  @Test
  void offsetsThatStepBackAreRefused() throws Exception {
    Path file = dir.resolve("x.tokens");
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      writer.append("a", new int[] {1, 2, 3, 4}, 0);
      writer.append("b", new int[] {5, 6}, 1);
      writer.finish();
    }
    byte[] whole = Files.readAllBytes(file);
    int starts = 8 + 6 * Integer.BYTES;
    for (long second : new long[] {-1, 7, Long.MIN_VALUE, Long.MAX_VALUE}) {
      ByteBuffer changed = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
      Files.write(file, changed.putLong(starts + 8, second).array());
      UlmfitException error = assertThrows(UlmfitException.class, () -> TokenStore.open(file));
      assertTrue(error.getMessage().contains("not a complete token store"), error.getMessage());
    }
    Files.write(file, whole);
    TokenStore.open(file).check(7, 1, 1, 2);
  }

  @Test
  void aStoreOfTheFirstFormatIsNamedAsSuch() throws Exception {
    Path file = dir.resolve("old.tokens");
    Files.writeString(file, "ULMTOKS1".repeat(12));
    refused("of an earlier ulmfit", () -> TokenStore.open(file));
  }

  @Test
  void tokensAndLabelsOfOthersAreRefused() {
    Path file = dir.resolve("x.tokens");
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      writer.append("a", new int[] {1, 2});
      writer.append("b", new int[] {6}, 1);
      writer.finish();
    }
    TokenStore store = TokenStore.open(file);
    store.check(7, 0, 1, 2);
    refused("token id 6 for a vocabulary of 6", () -> store.check(6, 0, 1, 2));
    refused("label index 1 for 1 labels", () -> store.check(7, 0, 1, 1));
    refused("a document with 0 labels", () -> store.check(7, 1, 1, 2));
    refused("a document with 1 labels", () -> store.check(7, 0, 0, 2));
  }

  private static void refused(String what, Executable reading) {
    String message = assertThrows(UlmfitException.class, reading).getMessage();
    assertTrue(message.contains(what), message);
  }
}
