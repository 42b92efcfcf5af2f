package org.ulmfit.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfusionMatrixTest {

  /** Rows true, columns predicted: 5 1 0 / 2 3 0 / 1 0 0. */
  private static ConfusionMatrix example() {
    var matrix = new ConfusionMatrix(3);
    int[][] counts = {{5, 1, 0}, {2, 3, 0}, {1, 0, 0}};
    for (int actual = 0; actual < 3; actual++) {
      for (int predicted = 0; predicted < 3; predicted++) {
        for (int i = 0; i < counts[actual][predicted]; i++) {
          matrix.add(actual, predicted);
        }
      }
    }
    return matrix;
  }

  @Test
  void countsRowsByTrueAndPredictedClass() {
    var matrix = example();
    assertEquals(3, matrix.classes());
    assertEquals(12, matrix.total());
    assertEquals(8, matrix.correct());
    assertEquals(6, matrix.support(0));
    assertArrayEquals(new long[] {2, 3, 0}, matrix.counts()[1]);
    assertEquals(8 / 12.0, matrix.accuracy(), 1e-12);
  }

  @Test
  void measuresByClass() {
    var matrix = example();
    assertEquals(5 / 8.0, matrix.precision(0), 1e-12);
    assertEquals(5 / 6.0, matrix.recall(0), 1e-12);
    assertEquals(2 * (5 / 8.0) * (5 / 6.0) / (5 / 8.0 + 5 / 6.0), matrix.f1(0), 1e-12);
    assertEquals(3 / 4.0, matrix.precision(1), 1e-12);
    assertEquals(3 / 5.0, matrix.recall(1), 1e-12);
    assertEquals((10 / 14.0 + 6 / 9.0 + 0) / 3, matrix.macroF1(), 1e-12);
  }

  @Test
  void aClassNeverPredictedScoresZero() {
    assertEquals(0, example().precision(2));
    assertEquals(0, example().recall(2));
    assertEquals(0, example().f1(2));
    assertEquals(0, new ConfusionMatrix(2).accuracy());
    assertEquals(0, new ConfusionMatrix(2).macroF1());
  }

  /** Worked with scikit-learn 1.9.1: f1_score(truth, predicted, average="macro"). */
  @ParameterizedTest
  @CsvSource({
    "1 1 1,     1 1 1,     1.0", // class 0 and 2 neither tested nor predicted
    "0 1 0 1,   1 1 1 1,   0.3333333333333333",
    "0 0 1 1,   0 2 1 1,   0.5555555555555555", // class 2 only predicted
    "0 0 1 2,   0 0 1 1,   0.5555555555555555", // class 2 only tested
    "0 0,       1 1,       0.0",
    "0 2 2 0 2, 0 2 0 0 2, 0.8" // class 1 in the middle absent
  })
  void theMacroMeanIsScikitLearns(String truth, String predicted, double macroF1) {
    var matrix = new ConfusionMatrix(3);
    String[] hits = predicted.split(" ");
    String[] rows = truth.split(" ");
    for (int i = 0; i < rows.length; i++) {
      matrix.add(Integer.parseInt(rows[i]), Integer.parseInt(hits[i]));
    }
    assertEquals(macroF1, matrix.macroF1(), 1e-15);
  }

  @Test
  void countsAreACopy() {
    var matrix = example();
    matrix.counts()[0][0] = 99;
    assertEquals(5, matrix.counts()[0][0]);
  }

  /** The figures of many classes need neither the room nor the time of all pairs. */
  @Test
  void manyClassesAreCountedWithoutTheirPairs() {
    var wide = new ConfusionMatrix(10_000);
    var narrow = new ConfusionMatrix(ConfusionMatrix.TOO_WIDE - 1);
    for (int row = 0; row < 3_000; row++) {
      int answered = row % 7 == 0 ? (row * 31) % 1_000 : row % 1_000;
      wide.add(row % 1_000, answered);
      narrow.add(row % 1_000, answered);
    }
    assertNull(wide.counts());
    assertEquals(1_000, narrow.counts().length);
    assertEquals(narrow.accuracy(), wide.accuracy());
    assertEquals(narrow.macroF1(), wide.macroF1(), 1e-15);
    assertEquals(narrow.matthews(), wide.matthews(), 1e-15);
    assertEquals(0, wide.support(9_999));
  }
}
