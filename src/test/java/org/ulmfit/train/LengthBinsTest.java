package org.ulmfit.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ulmfit.Labelling;

class LengthBinsTest {

  /** One label a row; what is wrong is told by the row. */
  private static Scores scores(int[] lengths, java.util.function.IntPredicate right) {
    int[][] truth =
        IntStream.range(0, lengths.length).mapToObj(row -> new int[] {0}).toArray(int[][]::new);
    int[][] predicted =
        IntStream.range(0, lengths.length)
            .mapToObj(row -> new int[] {right.test(row) ? 0 : 1})
            .toArray(int[][]::new);
    return scores(Labelling.SINGLE, lengths, truth, predicted);
  }

  private static Scores scores(
      Labelling labelling, int[] lengths, int[][] truth, int[][] predicted) {
    List<String> ids = Collections.nCopies(truth.length, "row");
    float[][] p = new float[truth.length][2];
    return new Scores("test", labelling, List.of("a", "b"), ids, truth, p, predicted, 1, lengths);
  }

  @Test
  void binsLieBetweenTheQuantiles() {
    int[] lengths = IntStream.range(0, 600).map(row -> 600 - row).toArray();
    List<LengthBins.Bin> bins = LengthBins.of(scores(lengths, row -> row < 150));
    assertEquals(6, bins.size());
    assertEquals(new LengthBins.Bin(1, 100, 100, 0), bins.get(0));
    assertEquals(new LengthBins.Bin(401, 500, 100, 50), bins.get(4));
    assertEquals(new LengthBins.Bin(501, 600, 100, 100), bins.get(5));
    assertEquals(0.5, bins.get(4).accuracy());
    assertEquals(Interval.wilson(50, 100), bins.get(4).interval());
  }

  @Test
  void rowsOfOneLengthAreInOneBinAndEveryRowIsInOne() {
    int[] lengths =
        IntStream.range(0, 130).map(row -> row < 70 ? 5 : row < 115 ? 9 : row).toArray();
    List<LengthBins.Bin> bins = LengthBins.of(scores(lengths, row -> true));
    assertEquals(
        List.of(new LengthBins.Bin(5, 5, 70, 70), new LengthBins.Bin(9, 129, 60, 60)), bins);
  }

  @Test
  void thereAreAtLeastTwentyRowsInEach() {
    for (int rows : new int[] {40, 41, 59, 60, 77, 119, 120, 500}) {
      int[] lengths = IntStream.range(0, rows).map(row -> row * row % 37).toArray();
      List<LengthBins.Bin> bins = LengthBins.of(scores(lengths, row -> true));
      assertEquals(rows, bins.stream().mapToLong(LengthBins.Bin::rows).sum());
      assertTrue(bins.size() <= Math.min(6, rows / 20), bins.toString());
      assertTrue(bins.stream().allMatch(bin -> bin.rows() >= 20), bins.toString());
    }
  }

  @Test
  void fewRowsOneLengthAndUnknownLengthsHaveNone() {
    int[] few = IntStream.range(0, 39).toArray();
    assertEquals(List.of(), LengthBins.of(scores(few, row -> true)));
    assertEquals(List.of(), LengthBins.of(scores(new int[100], row -> true)));
    assertEquals(
        List.of(),
        LengthBins.of(scores(Labelling.SINGLE, new int[0], new int[50][], new int[50][])));
  }

  @Test
  void ofSeveralLabelsAllHaveToBeRightInWhateverOrder() {
    int[][] truth = IntStream.range(0, 40).mapToObj(row -> new int[] {0, 1}).toArray(int[][]::new);
    int[][] predicted =
        IntStream.range(0, 40)
            .mapToObj(row -> row % 2 == 0 ? new int[] {1, 0} : new int[] {0})
            .toArray(int[][]::new);
    List<LengthBins.Bin> bins =
        LengthBins.of(scores(Labelling.MULTI, IntStream.range(0, 40).toArray(), truth, predicted));
    assertEquals(
        List.of(new LengthBins.Bin(0, 19, 20, 10), new LengthBins.Bin(20, 39, 20, 10)), bins);
  }
}
