package org.ulmfit.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.ulmfit.Golden;

class MetricsTest {

  @Test
  void batchesCountByTheirSize() {
    var accuracy = new WeightedMean();
    var loss = new WeightedMean();
    var plainAccuracy = new WeightedMean();
    var plainLoss = new WeightedMean();
    for (JsonNode batch : Golden.elements(Golden.numeric("metrics", "batches"))) {
      accuracy.add(batch.get("acc").doubleValue(), batch.get("n").intValue());
      loss.add(batch.get("loss").doubleValue(), batch.get("n").intValue());
      plainAccuracy.add(batch.get("acc").doubleValue(), 1);
      plainLoss.add(batch.get("loss").doubleValue(), 1);
    }
    assertEquals(Golden.numeric("metrics", "weighted_acc").doubleValue(), accuracy.mean(), 1e-9);
    assertEquals(Golden.numeric("metrics", "weighted_loss").doubleValue(), loss.mean(), 1e-9);
    assertEquals(
        Golden.numeric("metrics", "unweighted_acc").doubleValue(), plainAccuracy.mean(), 1e-9);
    assertEquals(
        Golden.numeric("metrics", "unweighted_loss").doubleValue(), plainLoss.mean(), 1e-9);
    assertEquals(100, accuracy.weight());
    assertTrue(Double.isNaN(new WeightedMean().mean()));
  }

  @Test
  void smoothedLossIsDebiased() {
    double[] losses = Golden.doubles(Golden.numeric("metrics", "ema", "losses"));
    double[] printed = Golden.doubles(Golden.numeric("metrics", "ema", "v07_printed"));
    SmoothedLoss smoothed = SmoothedLoss.NONE;
    assertTrue(Double.isNaN(smoothed.value()));
    for (int i = 0; i < losses.length; i++) {
      smoothed = smoothed.with(losses[i]);
      assertEquals(printed[i], smoothed.value(), 1e-8);
    }
    assertEquals(losses.length, smoothed.batches());
  }

  @Test
  void smoothedLossGoesOnFromSavedFields() {
    SmoothedLoss saved = SmoothedLoss.NONE.with(5).with(4);
    assertEquals(
        saved.with(3).value(), new SmoothedLoss(saved.average(), saved.batches()).with(3).value());
  }

  @Test
  void perplexityIsTheExponentialOfTheMeanLoss() {
    assertEquals(
        Golden.numeric("mini_lm", "eval", "ppl").doubleValue(),
        Metrics.perplexity(Golden.numeric("mini_lm", "eval", "ce").doubleValue()),
        1e-8);
    assertEquals(49.95, Metrics.perplexity(3.911088), 0.005); // last epoch of the lesson's table
  }

  @Test
  void tiesGoToTheFirstIndex() {
    assertEquals(1, Metrics.argMax(new double[] {0.1, 0.4, 0.4, 0.1}));
    assertEquals(1, Metrics.argMax(new float[] {0.1f, 0.4f, 0.4f, 0.1f}));
    assertEquals(0, Metrics.argMax(new float[] {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY}));
  }

  @Test
  void bothDirectionsAreAveragedAsProbabilities() {
    double[][] mean =
        Metrics.ensemble(
            Golden.rowsOfDoubles(Golden.numeric("ensemble", "fwd")),
            Golden.rowsOfDoubles(Golden.numeric("ensemble", "bwd")));
    double[][] expected = Golden.rowsOfDoubles(Golden.numeric("ensemble", "mean"));
    int[] classes = Golden.ints(Golden.numeric("ensemble", "argmax"));
    assertEquals(expected.length, mean.length);
    for (int row = 0; row < mean.length; row++) {
      assertArrayEquals(expected[row], mean[row], 1e-12);
      assertEquals(classes[row], Metrics.argMax(mean[row]));
    }
  }

  @Test
  void ensembleRefusesRowsThatDoNotMatch() {
    assertThrows(
        IllegalArgumentException.class, () -> Metrics.ensemble(new double[2][2], new double[3][2]));
    assertThrows(
        IllegalArgumentException.class, () -> Metrics.ensemble(new double[2][2], new double[2][3]));
  }
}
