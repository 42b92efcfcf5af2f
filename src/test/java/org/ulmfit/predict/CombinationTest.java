package org.ulmfit.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ulmfit.Golden;
import org.ulmfit.Labelling;
import org.ulmfit.classifier.Output;
import org.ulmfit.model.EnsembleConfig;

class CombinationTest {
  private static final Output SOFTMAX = Output.of(Labelling.SINGLE, 2);
  private static final Output SIGMOID = Output.of(Labelling.MULTI, 2);

  private static float[] mean(Labelling labelling, float[]... logits) {
    return Combination.of(labelling, null).of(logits);
  }

  /** Logits are the logarithms of the worked probabilities, moved as a network may move them. */
  @Test
  void theMeanOfTwoDirections() {
    double[][] forward = Golden.rowsOfDoubles(Golden.numeric("ensemble", "fwd"));
    double[][] backward = Golden.rowsOfDoubles(Golden.numeric("ensemble", "bwd"));
    double[][] mean = Golden.rowsOfDoubles(Golden.numeric("ensemble", "mean"));
    int[] answers = Golden.ints(Golden.numeric("ensemble", "argmax"));
    for (int row = 0; row < mean.length; row++) {
      float[] z = mean(Labelling.SINGLE, logs(forward[row], 3), logs(backward[row], -20));
      float[] p = SOFTMAX.probabilities(z);
      for (int c = 0; c < p.length; c++) {
        assertEquals(mean[row][c], p[c], 1e-6);
      }
      assertArrayEquals(new int[] {answers[row]}, SOFTMAX.decide(p));
    }
  }

  private static float[] logs(double[] p, double moved) {
    float[] logits = new float[p.length];
    for (int c = 0; c < p.length; c++) {
      logits[c] = (float) (Math.log(p[c]) + moved);
    }
    return logits;
  }

  @Test
  void eachLabelHasAMeanOfItsOwn() {
    float[] z = mean(Labelling.MULTI, new float[] {0, 2}, new float[] {-1, 2});
    float[] p = SIGMOID.probabilities(z);
    assertEquals((0.5 + 1 / (1 + Math.E)) / 2, p[0], 1e-7);
    assertEquals(1 / (1 + Math.exp(-2)), p[1], 1e-7);
  }

  /** A loss is finite where a probability is too small for a number. */
  @Test
  void logitsOfAnySizeHaveAMean() {
    float[] one = {1000, -1000};
    float[] other = {900, -950};
    float[] z = mean(Labelling.SINGLE, one, other);
    assertArrayEquals(new float[] {1, 0}, SOFTMAX.probabilities(z));
    assertEquals(1850 + Math.log(2), SOFTMAX.loss(z, new int[] {1}), 1e-3);
    float[] each = mean(Labelling.MULTI, one, other);
    assertArrayEquals(new float[] {900, -950}, each, 1f);
    assertTrue(Double.isFinite(SIGMOID.loss(each, new int[] {1})));
    assertArrayEquals(
        new float[] {0.5f, 0.5f},
        SOFTMAX.probabilities(mean(Labelling.SINGLE, one, new float[] {-1000, 1000})));
  }

  @Test
  void weightsAndBiasesAreOfLogits() {
    var stacking = new EnsembleConfig.Stacking(List.of(2.0, -0.5), List.of(1.0, 0.0));
    float[] z = Combination.of(Labelling.SINGLE, stacking).of(new float[][] {{1, 2}, {4, 8}});
    assertArrayEquals(new float[] {1, 0}, z);
  }

  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    float[][] logits = {{1.5f, -.5f, .25f}, {-2, .75f, 1}};
    var stacking = new EnsembleConfig.Stacking(List.of(.5, 1.25), List.of(.1, 0., -.1));
    for (Combination combination :
        List.of(
            Combination.of(Labelling.SINGLE, null),
            Combination.of(Labelling.MULTI, null),
            Combination.of(Labelling.SINGLE, stacking))) {
      float[] slopes = {.5f, -1, 2};
      double[][] gradient = combination.gradient(logits, slopes);
      for (int m = 0; m < logits.length; m++) {
        for (int c = 0; c < slopes.length; c++) {
          float before = logits[m][c];
          logits[m][c] = before + .01f;
          double up = sum(slopes, combination.of(logits));
          logits[m][c] = before - .01f;
          double down = sum(slopes, combination.of(logits));
          logits[m][c] = before;
          assertEquals((up - down) / .02, gradient[m][c], 2e-4);
        }
      }
    }
  }

  private static double sum(float[] slopes, float[] logits) {
    double sum = 0;
    for (int c = 0; c < slopes.length; c++) {
      sum += slopes[c] * logits[c];
    }
    return sum;
  }
}
