package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Golden;
import org.ulmfit.classifier.Collator.Padding;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.DocumentEncoder;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.TokenStoreWriter;

class CollatorTest {

  private static final int[][] DOCUMENTS = Golden.rowsOfInts(Golden.numeric("mini_clas", "docs"));

  @Test
  void theLessonPadsOnTheLeft() {
    DocumentEncoder.Batch batch = Collator.of(Recipe.Layout.LESSON, 1, false).collate(DOCUMENTS);
    assertEquals(7, batch.time());
    assertEquals(3, batch.rows());
    int[][] golden = Golden.rowsOfInts(Golden.numeric("mini_clas", "v07", "ids_TxB"));
    assertArrayEquals(
        Arrays.stream(golden).flatMapToInt(Arrays::stream).asLongStream().toArray(), batch.ids());
    assertArrayEquals(new int[] {7, 5, 2}, batch.lengths());
  }

  @Test
  void theMaskedEncoderIsPaddedOnTheRight() {
    DocumentEncoder.Batch batch = Collator.of(Recipe.Layout.MASKED, 1, false).collate(DOCUMENTS);
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
      DocumentEncoder.Batch batch = collator.collate(new int[][] {{}, {7, 8}});
      assertArrayEquals(new int[] {1, 2}, batch.lengths());
      assertEquals("11 78", columns(batch));
      DocumentEncoder.Batch alone = collator.collate(new int[][] {{}});
      assertArrayEquals(new long[] {1}, alone.ids());
      assertEquals(1, alone.time());
    }
  }

  @Test
  void documentsOfAStoreComeInTheOrderGiven(@TempDir Path dir) {
    Path file = dir.resolve("train.tokens");
    try (var writer = new TokenStoreWriter(file)) {
      writer.append("a", DOCUMENTS[0], 1);
      writer.append("b", DOCUMENTS[1], 0);
      writer.append("c", DOCUMENTS[2]);
      writer.finish();
    }
    try (var store = TokenStore.open(file)) {
      var collator = Collator.of(Recipe.Layout.MASKED, 1, false);
      DocumentEncoder.Batch batch = collator.collate(store, new int[] {2, 0});
      assertEquals("3211111 2345234", columns(batch));
    }
  }

  /** One word for each document, one digit for each token. */
  private static String columns(DocumentEncoder.Batch batch) {
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
