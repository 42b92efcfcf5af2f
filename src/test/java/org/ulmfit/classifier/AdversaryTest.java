package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ulmfit.nn.EngineFixture;

/** What adversarial training computes, against arithmetic in double; its gradients are parity's. */
@Tag("engine")
class AdversaryTest extends EngineFixture {
  private static final float[] LOGITS = {.5f, -1.25f, 3, -2, 0, 40};
  private static final float[] ANSWERS = {-.25f, 2, .75f, -30, 1, .125f};

  private double of(String kernel, float[]... rows) {
    NDArray[] arrays = new NDArray[rows.length];
    for (int i = 0; i < rows.length; i++) {
      arrays[i] = manager.create(rows[i], new Shape(2, 3));
    }
    return kernels.one(manager, kernel, arrays).getFloat();
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  /** log of a sigmoid, exact for large numbers. */
  private static double log(double z) {
    return z > 0 ? -Math.log1p(Math.exp(-z)) : z - Math.log1p(Math.exp(z));
  }

  private static double[] logSoftmax(float[] all, int row) {
    double sum = 0;
    for (int c = 0; c < 3; c++) {
      sum += Math.exp(all[3 * row + c]);
    }
    double[] logs = new double[3];
    for (int c = 0; c < 3; c++) {
      logs[c] = all[3 * row + c] - Math.log(sum);
    }
    return logs;
  }

  @Test
  void divergenceAndEntropyOfOneLabelAreThoseOfSoftmaxes() {
    double divergence = 0;
    double entropy = 0;
    for (int row = 0; row < 2; row++) {
      double[] p = logSoftmax(ANSWERS, row);
      double[] q = logSoftmax(LOGITS, row);
      for (int c = 0; c < 3; c++) {
        divergence += Math.exp(p[c]) * (p[c] - q[c]) / 2;
        entropy -= Math.exp(q[c]) * q[c] / 2;
      }
    }
    assertEquals(divergence, of("divergence_single", LOGITS, ANSWERS), 1e-5);
    assertEquals(entropy, of("entropy_single", LOGITS), 1e-6);
    assertEquals(0, of("divergence_single", LOGITS, LOGITS), 1e-7);
  }

  @Test
  void divergenceAndEntropyOfSeveralLabelsAreMeansOfSigmoids() {
    double divergence = 0;
    double entropy = 0;
    for (int i = 0; i < 6; i++) {
      double p = sigmoid(ANSWERS[i]);
      double q = sigmoid(LOGITS[i]);
      divergence +=
          (p * (log(ANSWERS[i]) - log(LOGITS[i])) + (1 - p) * (log(-ANSWERS[i]) - log(-LOGITS[i])))
              / 6;
      entropy -= (q * log(LOGITS[i]) + (1 - q) * log(-LOGITS[i])) / 6;
    }
    assertEquals(divergence, of("divergence_multi", LOGITS, ANSWERS), 1e-5);
    assertEquals(entropy, of("entropy_multi", LOGITS), 1e-6);
    assertEquals(0, of("divergence_multi", LOGITS, LOGITS), 1e-7);
  }

  @Test
  void aMoveHasTheSizeAskedForOverAllPartsOfARow() {
    float[] ways = {3, 0, 0, 1, 0, 9, 4, 0, 7, 0, 0, 2}; // (2 steps, 2 rows, 3)
    NDArray x = manager.create(ways, new Shape(2, 2, 3));
    NDArray valid = manager.create(new float[] {1, 1, 1, 0}, new Shape(2, 2, 1));
    NDArray squares = manager.zeros(new Shape(3));
    kernels.one(manager, "add_squares", squares, x, valid);
    assertEquals("[74.0, 82.0, 0.0]", java.util.Arrays.toString(squares.toFloatArray()));
    NDArray size = manager.create(new float[] {2, 5, 1});
    float[] moves = kernels.one(manager, "move", x, valid, squares.sqrt(), size).toFloatArray();
    double first = 0;
    double second = 0;
    for (int i = 0; i < 6; i++) {
      int step = i / 3;
      first += Math.pow(moves[step * 6 + i % 3], 2);
      second += Math.pow(moves[step * 6 + 3 + i % 3], 2);
    }
    assertEquals(2, Math.sqrt(first), 1e-6);
    assertEquals(5, Math.sqrt(second), 1e-6);
    assertEquals(0, moves[9]);
  }
}
