package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.ulmfit.Labelling;

class TargetTest {
  private static final float[] LOGITS = {1.5f, -.25f, 2, -3};

  @Test
  void logOddsAreThoseOfTheProbability() {
    for (int label = 0; label < LOGITS.length; label++) {
      double p = new Softmax().probabilities(LOGITS)[label];
      Target one = Target.logOdds(Labelling.SINGLE, label);
      assertEquals(Math.log(p / (1 - p)), one.value(LOGITS), 1e-5);
      assertEquals(LOGITS[label], Target.logOdds(Labelling.MULTI, label).value(LOGITS));
      assertIsGradient(one);
      assertIsGradient(Target.logOdds(Labelling.MULTI, label));
    }
    assertIsGradient(Target.weighted(new float[] {.5f, -2, 0, 1}));
  }

  @Test
  void greatLogitsStayFinite() {
    float[] great = {800, -800, 0};
    Target target = Target.logOdds(Labelling.SINGLE, 0);
    assertEquals(800, target.value(great), 1e-3);
    assertArrayEquals(new float[] {1, 0, -1}, target.gradient(great), 0f);
  }

  private static void assertIsGradient(Target target) {
    float[] gradient = target.gradient(LOGITS);
    for (int c = 0; c < LOGITS.length; c++) {
      float[] up = LOGITS.clone();
      float[] down = LOGITS.clone();
      up[c] += .01f;
      down[c] -= .01f;
      double slope = (target.value(up) - target.value(down)) / ((double) up[c] - down[c]);
      assertEquals(slope, gradient[c], 1e-4);
    }
  }
}
