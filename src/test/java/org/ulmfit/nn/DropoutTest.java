package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ulmfit.Golden;

/** Golden section 6, and what random masks must look like. */
@Tag("engine")
@Tag("parity")
class DropoutTest extends EngineFixture {

  private static float[] golden(String key) {
    return flat(Golden.numeric("dropout", key));
  }

  private static float[] scaled(String keepKey, String rateKey) {
    float[] mask = golden(keepKey);
    for (int i = 0; i < mask.length; i++) {
      mask[i] /= (float) (1 - Golden.numeric("dropout", rateKey).doubleValue());
    }
    return mask;
  }

  @Test
  void embeddingDropoutZeroesAWordEverywhere() {
    AwdLstm encoder = new AwdLstm(manager, kernels, new AwdLstm.Sizes(5, 3, 3, 1));
    Tensors.set(encoder.embedding().value(), FloatBuffer.wrap(golden("emb")));
    Masks masks = new Masks(array(scaled("emb_row_keep", "emb_p"), 5, 1), null, null);
    float[] ids = golden("ids");
    long[] words = new long[ids.length];
    Arrays.setAll(words, i -> (long) ids[i]);
    AwdLstm.Lookup lookup = encoder.lookup(manager, manager.create(words, new Shape(2, 3)), masks);
    assertArrayEquals(golden("emb_out"), floats(lookup.x()), 1e-5f);
  }

  /** The kernel masks its input: masked input equals the golden product fed without a mask. */
  @Test
  void lockedDropoutIsOneMaskForAllSteps() {
    NDArray x = array(golden("locked_in_T3_B2_F2"), 3, 2, 2);
    NDArray mask = array(scaled("locked_keep_1_B2_F2", "locked_p"), 1, 2, 2);
    NDArray product = array(golden("locked_out"), 3, 2, 2);
    float[] masked = lstm(x, mask);
    assertArrayEquals(lstm(product, manager.ones(new Shape(1, 1, 1))), masked, 1e-6f);
    assertTrue(masked[1] != lstm(x, manager.ones(new Shape(1, 1, 1)))[1], "the mask has no effect");
  }

  private float[] lstm(NDArray x, NDArray mask) {
    NDArray zero = manager.zeros(new Shape(1, 2, 2));
    NDArray bias = manager.zeros(new Shape(8));
    NDArray wIh = random(.02, 1, 8, 2);
    NDArray wHh = random(.02, 2, 8, 2);
    NDArray all = manager.ones(new Shape(1, 1));
    return floats(
        kernels.call(manager, "lstm", x, mask, zero, zero, wIh, wHh, all, bias, bias).get(0));
  }

  /** Before the decoder the same rule holds: sum(y * mask * 1) and mean((y * mask)^2). */
  @Test
  void outputDropoutIsOneMaskForAllSteps() {
    NDArray y = array(golden("locked_in_T3_B2_F2"), 3, 2, 2);
    NDArray mask = array(scaled("locked_keep_1_B2_F2", "locked_p"), 1, 2, 2);
    NDArray ones = manager.ones(new Shape(3, 2, 2));
    NDArray settings = manager.create(new float[] {1, 0, 1});
    NDList r = kernels.call(manager, "surrogate", y, mask, ones, settings);
    double sum = 0;
    double squares = 0;
    for (float v : golden("locked_out")) {
      sum += v;
      squares += v * v;
    }
    assertEquals(squares / 12, r.get(1).getFloat(), 1e-4);
    assertEquals(sum + squares / 12, r.get(0).getFloat(), 1e-3);
  }

  private static final AwdLstm.Sizes SIZES = new AwdLstm.Sizes(5000, 24, 40, 3);
  private static final Masks.Rates RATES = new Masks.Rates(.1, .2, .5, .3, .4);
  private static final int BATCH = 50;

  /** Keep-masks hold 0 and 1 / (1 - p) only, in the right shares: within five deviations. */
  private static void assertMask(NDArray mask, double p, long... shape) {
    assertEquals(new Shape(shape), mask.getShape());
    float[] values = mask.toFloatArray();
    int kept = 0;
    for (float v : values) {
      if (v != 0) {
        assertEquals(1 / (1 - p), v, 1e-6);
        kept++;
      }
    }
    double deviation = Math.sqrt(p * (1 - p) / values.length);
    assertEquals(1 - p, (double) kept / values.length, 5 * deviation);
    assertTrue(kept < values.length, "nothing was dropped");
  }

  @Test
  void masksHaveTheShapesRatesAndScalesOfTheirDropouts() {
    Torch.seed(5);
    AwdLstm encoder = new AwdLstm(manager, kernels, SIZES);
    Masks masks = encoder.masks(manager, RATES, BATCH);
    assertMask(masks.rows(), .2, 5000, 1);
    assertEquals(3, masks.inputs().size());
    assertMask(masks.inputs().get(0), .1, 1, BATCH, 24);
    assertMask(masks.inputs().get(1), .3, 1, BATCH, 40);
    assertMask(masks.inputs().get(2), .3, 1, BATCH, 40);
    assertMask(masks.weights().get(0), .5, 160, 40);
    assertMask(masks.weights().get(1), .5, 160, 40);
    assertMask(masks.weights().get(2), .5, 96, 24);
    assertMask(encoder.outputMask(manager, RATES, BATCH), .4, 1, BATCH, 24);
  }

  @Test
  void masksAreNewForEveryCallAndFollowTheSeed() {
    AwdLstm encoder = new AwdLstm(manager, kernels, SIZES);
    Torch.seed(7);
    float[] first = floats(encoder.masks(manager, RATES, BATCH).rows());
    float[] second = floats(encoder.masks(manager, RATES, BATCH).rows());
    Torch.seed(7);
    assertArrayEquals(first, floats(encoder.masks(manager, RATES, BATCH).rows()));
    assertFalse(Arrays.equals(first, second));
  }

  @Test
  void aRateOfZeroDropsNothing() {
    AwdLstm encoder = new AwdLstm(manager, kernels, SIZES);
    Masks masks = encoder.masks(manager, Masks.Rates.NONE, BATCH);
    NDList all = new NDList(masks.rows(), encoder.outputMask(manager, Masks.Rates.NONE, BATCH));
    all.addAll(masks.inputs());
    all.addAll(masks.weights());
    for (NDArray mask : all) {
      for (float v : floats(mask)) {
        assertEquals(1, v);
      }
    }
  }

  @Test
  void aDroppedWordIsZeroAtEveryPlaceAndAKeptOneScaled() {
    Torch.seed(9);
    AwdLstm encoder = new AwdLstm(manager, kernels, new AwdLstm.Sizes(40, 4, 4, 1));
    long[] ids = new long[400];
    Arrays.setAll(ids, i -> i % 40);
    Masks masks = encoder.masks(manager, new Masks.Rates(0, .5, 0, 0, 0), 1);
    float[] x =
        floats(encoder.lookup(manager, manager.create(ids, new Shape(400, 1)), masks).x()); // 400x4
    float[] rows = floats(masks.rows());
    float[] w = floats(encoder.embedding().value());
    for (int i = 0; i < x.length; i++) {
      int word = (int) ids[i / 4];
      assertEquals(rows[word] == 0 ? 0 : 2 * w[word * 4 + i % 4], x[i], 1e-6);
    }
  }

  /** Weight drop works on a copy: after 1,000 passes not one bit of the raw matrices has moved. */
  @Test
  void aThousandPassesLeaveTheRawWeightsAsTheyWere() {
    Torch.seed(11);
    AwdLstm encoder = new AwdLstm(manager, kernels, new AwdLstm.Sizes(20, 4, 6, 3));
    NDArray ids = manager.create(new long[] {1, 2, 3, 4}, new Shape(2, 2));
    float[][] before = values(encoder);
    float[] evaluated = evaluate(encoder, ids);
    boolean moved = false;
    for (int pass = 0; pass < 1000; pass++) {
      float[] trained = Kernels.recording(true, () -> train(encoder, ids));
      moved |= !Arrays.equals(evaluated, trained);
    }
    assertTrue(moved, "dropout had no effect");
    assertArrayEquals(before, values(encoder));
    assertArrayEquals(evaluated, evaluate(encoder, ids), "evaluation after training differs");
  }

  private float[] train(AwdLstm encoder, NDArray ids) {
    try (NDManager step = manager.newSubManager()) {
      Masks masks = encoder.masks(step, RATES, 2);
      AwdLstm.Lookup lookup = encoder.lookup(step, ids, masks);
      AwdLstm.State zero = encoder.zeroState(step, 2);
      return floats(encoder.forward(step, lookup.x(), zero, masks).top());
    }
  }

  private float[] evaluate(AwdLstm encoder, NDArray ids) {
    try (NDManager step = manager.newSubManager()) {
      return floats(encoder.evaluate(step, ids, encoder.zeroState(step, 2)).top());
    }
  }

  private static float[][] values(AwdLstm encoder) {
    return encoder.parameters().stream().map(p -> floats(p.value())).toArray(float[][]::new);
  }
}
