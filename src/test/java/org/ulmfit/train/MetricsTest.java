package org.ulmfit.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.ulmfit.Golden;

class MetricsTest {

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
    assertEquals(1, Metrics.argMax(new float[] {0.1f, 0.4f, 0.4f, 0.1f}));
    assertEquals(0, Metrics.argMax(new float[] {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY}));
  }
}
