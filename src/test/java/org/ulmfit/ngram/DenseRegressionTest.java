package org.ulmfit.ngram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ulmfit.Golden;
import org.ulmfit.Labelling;

/** Logistic regression of dense rows against scikit-learn's, and against that of sparse rows. */
class DenseRegressionTest {
  private static final Path CASES = Path.of("src/test/resources/embed/cases.json");

  private static float[][] floats(double[][] rows) {
    float[][] all = new float[rows.length][rows[0].length];
    for (int row = 0; row < rows.length; row++) {
      for (int c = 0; c < all[row].length; c++) {
        all[row][c] = (float) rows[row][c];
      }
    }
    return all;
  }

  private static DenseModel learned(DenseMatrix x, Truth truth, double strength) {
    int[] all = IntStream.range(0, x.rows()).toArray();
    DenseModel model =
        new DenseRegression(null, Made.tight()).on(x, truth, all).at(strength, Made.never());
    assertTrue(model.settled());
    return model;
  }

  @Test
  void marginsAreThoseOfScikitLearn() throws IOException {
    for (JsonNode one : new ObjectMapper().readTree(CASES.toFile()).required("regressions")) {
      DenseMatrix x = new DenseMatrix(floats(Golden.rowsOfDoubles(one.required("x"))));
      int[][] labels =
          Arrays.stream(Golden.ints(one.required("truth")))
              .mapToObj(label -> new int[] {label})
              .toArray(int[][]::new);
      Truth truth = new Truth(Labelling.SINGLE, one.required("classes").intValue(), labels);
      DenseModel model = learned(x, truth, one.required("strength").doubleValue());
      double[][] expected = Golden.rowsOfDoubles(one.required("margins"));
      for (int row = 0; row < expected.length; row++) {
        assertArrayEquals(centred(expected[row]), centred(model.margins(x, row)), 1e-4);
      }
    }
  }

  /** A softmax's logits say nothing by what they have in common. */
  private static double[] centred(double[] margins) {
    double mean = margins.length == 1 ? 0 : Arrays.stream(margins).average().orElseThrow();
    return Arrays.stream(margins).map(m -> m - mean).toArray();
  }

  @Test
  void severalLabelsAreARegressionEachAsOfSparseRows() {
    Random random = new Random(4);
    double[][] rows = new double[80][7];
    int[][] labels = new int[80][];
    for (int row = 0; row < rows.length; row++) {
      double[] own = rows[row];
      Arrays.setAll(own, c -> random.nextGaussian());
      double noise = random.nextGaussian();
      labels[row] = IntStream.range(0, 3).filter(label -> own[label] + noise > 0.5).toArray();
    }
    Truth truth = new Truth(Labelling.MULTI, 3, labels);
    DenseMatrix dense = new DenseMatrix(floats(rows));
    SparseMatrix sparse = Made.matrix(rows);
    DenseModel model = learned(dense, truth, 2);
    int[] all = IntStream.range(0, 80).toArray();
    for (int output = 0; output < 3; output++) {
      Problem problem = Problem.of(sparse, truth, all, output, 2, null);
      Output other = Output.of(DualLogistic.minimum(problem, Made.tight(), Made.never()));
      assertArrayEquals(other.weights(), model.weights()[output], 1e-4f);
      assertEquals(other.intercept(), model.intercepts()[output], 1e-4);
    }
  }

  @Test
  void bothKindsOfRowsReckonAlike() {
    Random random = new Random(2);
    for (int width = 1; width < 12; width++) {
      double[][] rows = new double[3][width];
      for (double[] row : rows) {
        Arrays.setAll(row, c -> random.nextInt(3) - 1);
      }
      DenseMatrix dense = new DenseMatrix(floats(rows));
      SparseMatrix sparse = Made.matrix(rows);
      double[] vector = random.doubles(width + 1).toArray();
      for (int row = 0; row < 3; row++) {
        assertEquals(sparse.times(row, vector), dense.times(row, vector), 1e-12);
        assertEquals(sparse.square(row), dense.square(row), 1e-12);
        double[] one = vector.clone();
        double[] other = vector.clone();
        sparse.addTo(one, row, 0.3);
        dense.addTo(other, row, 0.3);
        assertArrayEquals(one, other, 1e-12);
      }
    }
  }
}
