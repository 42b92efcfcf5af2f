package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Golden;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Collator.Padding;
import org.ulmfit.vocab.TokenStore;

class CollatorTest {

  private static final int[][] DOCUMENTS = Golden.rowsOfInts(Golden.numeric("mini_clas", "docs"));

  @Test
  void theLessonPadsOnTheLeft() {
    ClassifierBatch batch = Collator.of("lesson", 1, false).collate(DOCUMENTS);
    assertEquals(7, batch.time());
    assertEquals(3, batch.rows());
    int[][] golden = Golden.rowsOfInts(Golden.numeric("mini_clas", "v07", "ids_TxB"));
    assertArrayEquals(
        Arrays.stream(golden).flatMapToInt(Arrays::stream).asLongStream().toArray(), batch.ids());
    assertArrayEquals(new int[] {7, 5, 2}, batch.lengths());
    assertArrayEquals(new int[] {-1, -1, -1}, batch.labels());
    assertArrayEquals(new int[] {0, 1, 2}, batch.documents());
  }

  @Test
  void theMaskedEncoderIsPaddedOnTheRight() {
    ClassifierBatch batch = Collator.of("masked", 1, false).collate(DOCUMENTS);
    assertEquals("2345234 5432511 3211111", columns(batch));
    assertArrayEquals(new int[] {7, 5, 2}, batch.lengths());
  }

  @Test
  void backwardDocumentsAreReversedAndThePaddingStaysOnItsSide() {
    var right = new Collator(Padding.RIGHT, 1, true).collate(DOCUMENTS);
    assertEquals("4325432 5234511 2311111", columns(right));
    var left = new Collator(Padding.LEFT, 1, true).collate(DOCUMENTS);
    assertEquals("4325432 1152345 1111123", columns(left));
  }

  @Test
  void anEmptyDocumentBecomesOnePaddingToken() {
    for (Padding padding : Padding.values()) {
      var collator = new Collator(padding, 1, false);
      ClassifierBatch batch = collator.collate(new int[][] {{}, {7, 8}});
      assertArrayEquals(new int[] {1, 2}, batch.lengths());
      assertEquals("11 78", columns(batch));
      ClassifierBatch alone = collator.collate(new int[][] {{}});
      assertArrayEquals(new long[] {1}, alone.ids());
      assertEquals(1, alone.time());
    }
  }

  @Test
  void documentsOfAStoreKeepTheirLabelsAndIndices(@TempDir Path dir) {
    Path file = dir.resolve("train.tokens");
    try (var writer = new TokenStore.Writer(file)) {
      writer.append("a", 1, DOCUMENTS[0]);
      writer.append("b", 0, DOCUMENTS[1]);
      writer.append("c", -1, DOCUMENTS[2]);
      writer.finish();
    }
    try (var store = TokenStore.open(file)) {
      var collator = Collator.of("masked", 1, false);
      ClassifierBatch batch = collator.collate(store, new int[] {2, 0});
      assertEquals("3211111 2345234", columns(batch));
      assertArrayEquals(new int[] {-1, 1}, batch.labels());
      assertArrayEquals(new int[] {2, 0}, batch.documents());
    }
  }

  @Test
  void anUnknownEncoderIsNamed() {
    var error = assertThrows(UlmfitException.class, () -> Collator.of("maskd", 1, false));
    assertEquals(UlmfitException.Kind.USAGE, error.kind());
    assertEquals(
        "classifier.encoder: unknown encoder \"maskd\"; use masked or lesson", error.getMessage());
  }

  /** One word for each document, one digit for each token. */
  private static String columns(ClassifierBatch batch) {
    var text = new StringBuilder();
    for (int row = 0; row < batch.rows(); row++) {
      text.append(row == 0 ? "" : " ");
      for (int t = 0; t < batch.time(); t++) {
        text.append(batch.ids()[t * batch.rows() + row]);
      }
    }
    return text.toString();
  }
}
