package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {

  private static final int[] LENGTHS = {9, 8, 7, 6, 5, 4, 3};
  private static final int[] ORDER = {0, 1, 2, 3, 4, 5, 6};

  @Test
  void theLastBatchIsShorterNotDropped() {
    assertBatches("[[0, 1, 2], [3, 4, 5], [6]]", Batches.cut(ORDER, LENGTHS, 3, 0));
    assertBatches("[[0, 1, 2, 3, 4, 5, 6]]", Batches.cut(ORDER, LENGTHS, 7, 0));
    assertBatches("[]", Batches.cut(new int[0], LENGTHS, 7, 0));
  }

  @Test
  void aBatchWithTooManyTokensIsSplit() {
    assertBatches("[[0, 1], [2], [3, 4, 5], [6]]", Batches.cut(ORDER, LENGTHS, 3, 18));
    assertBatches("[[6, 5, 4], [3, 2], [1], [0]]", Batches.cut(reversed(), LENGTHS, 3, 15));
  }

  @Test
  void withoutPaddingABatchHasOneLength() {
    int[] lengths = {5, 5, 5, 4, 3, 3, 3};
    assertBatches("[[0, 1], [2], [3], [4, 5], [6]]", Batches.ofOneLength(ORDER, lengths, 2, 0));
    assertBatches("[[0, 1, 2], [3], [4, 5, 6]]", Batches.ofOneLength(ORDER, lengths, 9, 0));
    assertBatches("[[0], [1], [2], [3], [4, 5], [6]]", Batches.ofOneLength(ORDER, lengths, 9, 6));
    assertBatches("[]", Batches.ofOneLength(new int[0], lengths, 9, 0));
  }

  @Test
  void aDocumentLongerThanTheBoundStandsAlone() {
    assertBatches("[[0], [1], [2], [3], [4, 5], [6]]", Batches.cut(ORDER, LENGTHS, 2, 10));
  }

  @Test
  void batchesOfTheLesson() {
    int[] lengths = new int[25_000];
    Arrays.fill(lengths, 300);
    List<int[]> batches = Batches.cut(IntStream.range(0, 25_000).toArray(), lengths, 24, 0);
    assertEquals(1042, batches.size());
    assertEquals(16, batches.get(1041).length);
  }

  @Test
  void inTrainingALoneDocumentGetsCompany() {
    assertBatches("[[0, 1, 2], [3, 4], [5, 6]]", Batches.cutForTraining(ORDER, LENGTHS, 3, 0));
    int[] lengths = {1, 1, 1, 1, 9};
    int[] order = {0, 1, 2, 3, 4};
    assertBatches("[[0, 1, 2, 3], [4]]", Batches.cut(order, lengths, 5, 17));
    assertBatches("[[0, 1, 2], [3, 4]]", Batches.cut(order, lengths, 5, 18));
    assertBatches("[[0, 1, 2, 3], [4]]", Batches.cut(order, lengths, 4, 18));
    assertBatches("[[0, 1, 2], [3, 4]]", Batches.cutForTraining(order, lengths, 4, 18));
    assertBatches("[[0, 1, 2, 3], [4]]", Batches.cutForTraining(order, lengths, 4, 17));
  }

  @Test
  void inTrainingALoneDocumentJoinsASmallBatch() {
    int[] order = {0, 1, 2, 3, 4};
    int[] lengths = {5, 5, 3, 3, 3};
    assertBatches("[[0, 1], [2], [3, 4]]", Batches.cut(order, lengths, 3, 10));
    assertBatches("[[0, 1], [2, 3, 4]]", Batches.cutForTraining(order, lengths, 3, 10));
  }

  @Test
  void whereTheBoundsForbidItTheDocumentStaysAlone() {
    int[] order = {0, 1, 2};
    int[] lengths = {19, 1, 1};
    assertBatches("[[0], [1, 2]]", Batches.cutForTraining(order, lengths, 4, 37));
    assertBatches("[[0, 1], [2]]", Batches.cutForTraining(order, lengths, 2, 0));
    assertBatches("[[0], [1], [2]]", Batches.cutForTraining(order, lengths, 1, 0));
  }

  private static int[] reversed() {
    return new int[] {6, 5, 4, 3, 2, 1, 0};
  }

  private static void assertBatches(String expected, List<int[]> batches) {
    assertEquals(expected, Arrays.deepToString(batches.toArray()));
  }

  /** No small rest: 48 long documents of which 40 would fit make two batches of 24. */
  @Test
  void aSplitBatchIsSplitInEqualParts() {
    int[] lengths = new int[48];
    java.util.Arrays.fill(lengths, 500);
    List<int[]> batches = Batches.cut(IntStream.range(0, 48).toArray(), lengths, 48, 20_000);
    assertEquals(List.of(24, 24), batches.stream().map(batch -> batch.length).toList());
  }
}
