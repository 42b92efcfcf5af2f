package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ulmfit.nn.Backend;

/** What rows teach whose labels are weighted and smoothed, by the answer that costs them least. */
@Tag("engine")
class WeightedObjectivesTest {
  private static final float[] WEIGHTS = {.505f, 50}; // balanced, 99 rows to 1
  private static final float[] LOGITS = {-6, -4, -2, -1, 0, 1, 2, 4, 6}; // of the rare label

  private static float loss(Objective objective, float logit, float[] targets, int[][] labels) {
    try (Backend backend = Backend.open("cpu", "fp32");
        NDManager step = backend.manager().newSubManager()) {
      var forward =
          TextModel.Forward.of(
              step, step.create(new float[] {0, logit}, new Shape(1, 2)), () -> {});
      return (targets == null
              ? objective.losses(step, backend.kernels(), forward, labels)
              : objective.losses(step, backend.kernels(), forward, targets))
          .get(0)
          .getFloat();
    }
  }

  /** The logit of the rare label that costs least. */
  private static float best(Objective objective, float[] targets, int[][] labels) {
    float best = LOGITS[0];
    for (float logit : LOGITS) {
      float own = loss(objective, logit, targets, labels);
      best = own < loss(objective, best, targets, labels) ? logit : best;
    }
    return best;
  }

  @Test
  void aRowOfTheFrequentLabelTeachesIt() {
    Objective one = new CrossEntropy(0, 0, WEIGHTS, .1);
    assertTrue(best(one, null, new int[][] {{0}}) < 0);
    assertTrue(best(one, null, new int[][] {{1}}) > 0);
    assertTrue(best(one, new float[] {.97f, .03f}, null) < 0);
    Objective any = new BinaryCrossEntropy(0, 0, WEIGHTS, .1);
    assertTrue(best(any, null, new int[][] {{0}}) < 0);
    assertTrue(best(any, null, new int[][] {{0, 1}}) > 0);
    assertTrue(best(any, new float[] {1, 0}, null) < 0);
  }

  @Test
  void distributionsAreSmoothedAsLabelsAre() {
    for (Objective objective :
        new Objective[] {
          new CrossEntropy(0, 0, WEIGHTS, .2), new BinaryCrossEntropy(0, 0, WEIGHTS, .2)
        }) {
      float labels = loss(objective, 1.5f, null, new int[][] {{1}});
      assertEquals(labels, loss(objective, 1.5f, new float[] {0, 1}, null), 1e-6f);
    }
  }
}
