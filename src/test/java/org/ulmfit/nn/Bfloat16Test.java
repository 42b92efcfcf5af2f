package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The bfloat16 kernels against the float32 ones, at sizes that fill no tile. A bfloat16 has 8 bits
 * of mantissa: one rounding is off by at most 1/512, sums of many average out.
 */
@Tag("engine")
class Bfloat16Test extends EngineFixture {

  private static Kernels half;

  @BeforeAll
  static void loadHalf() {
    half = Kernels.load(Device.cpu(), Kernels.Arithmetic.BFLOAT16);
  }

  @AfterAll
  static void closeHalf() {
    half.close();
  }

  /** Distance over length, of the whole arrays. */
  private static double relative(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    double off = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      off += Math.pow(expected[i] - actual[i], 2);
      size += Math.pow(expected[i], 2);
    }
    return Math.sqrt(off / size);
  }

  private static void assertNear(float[] expected, float[] actual, double bound, String what) {
    double distance = relative(expected, actual);
    assertTrue(distance < bound, what + ": relative distance " + distance);
    assertTrue(distance > 0, what + " was not computed in bfloat16");
  }

  /** Output, states and every gradient of three layers of 37 units. */
  @Test
  void encoder() {
    AwdLstm.Sizes sizes = new AwdLstm.Sizes(50, 22, 37, 3);
    AwdLstm single = new AwdLstm(manager, kernels, sizes);
    AwdLstm doubled = new AwdLstm(manager, half, sizes);
    for (int i = 0; i < single.parameters().size(); i++) {
      NDArray value = single.parameters().get(i).value();
      Tensors.set(
          doubled.parameters().get(i).value(), FloatBuffer.wrap(value.toFloatArray().clone()));
    }
    Masks masks = single.masks(manager, new Masks.Rates(.3, .1, .3, .2, 0), 5);
    NDArray x = random(1, 1, 9, 5, 22);
    NDArray g = random(1, 2, 9, 5, 22);
    float[][] expected = run(single, kernels, x, g, masks);
    float[][] actual = run(doubled, half, x, g, masks);
    for (int i = 0; i < expected.length; i++) {
      assertNear(expected[i], actual[i], .02, "result " + i);
    }
  }

  private float[][] run(AwdLstm encoder, Kernels kernels, NDArray x, NDArray g, Masks masks) {
    encoder.parameters().forEach(p -> p.trainable(true));
    try (NDManager step = manager.newSubManager();
        GradientCollector collector = Torch.engine().newGradientCollector()) {
      AwdLstm.State state = encoder.zeroState(step, 5);
      AwdLstm.Output out = encoder.forward(step, x, state, masks);
      NDArray y = kernels.one(step, "to_float", out.top()); // (time, batch, emb)
      assertEquals(new Shape(9, 5, 22), y.getShape());
      assertEquals(new Shape(1, 5, 37), out.state().h().get(0).getShape());
      collector.backward(y.mul(g).sum());
      NDList results = new NDList(y);
      results.addAll(out.state().h());
      results.addAll(out.state().c());
      for (int l = 0; l < 3; l++) {
        encoder.layer(l).forEach(p -> results.add(p.gradient(step)));
      }
      return results.stream().map(NDArray::toFloatArray).toArray(float[][]::new);
    }
  }

  /**
   * Loss and gradients of 131 words over chunks of 7 rows; some words far more likely than others.
   */
  @Test
  void decoder() {
    NDArray h = random(2, 3, 30, 22);
    NDArray t = manager.create(new Random(4).longs(30, 0, 131).toArray(), new Shape(30)); // (rows)
    float[][] expected = decode(kernels, h, t);
    float[][] actual = decode(half, h, t);
    assertEquals(expected[0][0], actual[0][0], .01 * expected[0][0], "loss");
    assertEquals(expected[0][1], actual[0][1], .01 * expected[0][1], "loss in evaluation");
    assertEquals(expected[0][2], actual[0][2], "hits");
    assertNear(expected[1], actual[1], .01, "input");
    assertNear(expected[2], actual[2], .01, "embedding");
    assertNear(expected[3], actual[3], .01, "bias");
  }

  private float[][] decode(Kernels kernels, NDArray h, NDArray t) {
    AwdLstm encoder = new AwdLstm(manager, kernels, new AwdLstm.Sizes(131, 22, 22, 1));
    TiedDecoder decoder = new TiedDecoder(manager, encoder, true, 7);
    Tensors.set(encoder.embedding().value(), FloatBuffer.wrap(numbers(131 * 22, 1, 1)));
    Tensors.set(decoder.bias().value(), FloatBuffer.wrap(numbers(131, 4, 2)));
    encoder.embedding().trainable(true);
    decoder.bias().trainable(true);
    TiedDecoder.Loss loss = decoder.lossAndGradients(manager, h, t);
    TiedDecoder.Score score = decoder.score(manager, h, t);
    return new float[][] {
      {(float) loss.mean(), (float) (score.lossSum() / 30), score.hits()},
      loss.inputGradient().toFloatArray(),
      encoder.embedding().gradient(manager).toFloatArray(),
      decoder.bias().gradient(manager).toFloatArray()
    };
  }

  /** An overwhelming word neither overflows nor loses the target's loss. */
  @Test
  void distantLogits() {
    AwdLstm encoder = new AwdLstm(manager, half, new AwdLstm.Sizes(40, 4, 4, 1));
    TiedDecoder decoder = new TiedDecoder(manager, encoder, true, 64);
    float[] bias = new float[40];
    bias[3] = 60;
    Tensors.set(encoder.embedding().value(), FloatBuffer.wrap(new float[160]));
    Tensors.set(decoder.bias().value(), FloatBuffer.wrap(bias));
    encoder.embedding().trainable(true);
    decoder.bias().trainable(true);
    NDArray h = manager.ones(new Shape(2, 4));
    NDArray t = manager.create(new long[] {3, 5});
    assertEquals(30, decoder.lossAndGradients(manager, h, t).mean(), .1);
    assertEquals(60, decoder.score(manager, h, t).lossSum(), .1);
    float[] db = decoder.bias().gradient(manager).toFloatArray();
    assertEquals(.5, db[3], 1e-3);
    assertEquals(-.5, db[5], 1e-3);
  }

  /** Keep-masks: two values, the asked-for share of zeros, another mask for another seed. */
  @Test
  void masks() {
    for (double p : new double[] {.02, .25, .5, .9}) {
      Torch.seed(7);
      float[] mask = Masks.draw(kernels, manager, new Shape(3, 70_001), p).toFloatArray();
      Torch.seed(7);
      float[] again = Masks.draw(kernels, manager, new Shape(3, 70_001), p).toFloatArray();
      float[] other = Masks.draw(kernels, manager, new Shape(3, 70_001), p).toFloatArray();
      assertArrayEquals(mask, again);
      int dropped = 0;
      int same = 0;
      for (int i = 0; i < mask.length; i++) {
        dropped += mask[i] == 0 ? 1 : 0;
        same += mask[i] == other[i] ? 1 : 0;
        assertTrue(mask[i] == 0 || Math.abs(mask[i] - 1 / (1 - p)) < 1e-5, "value " + mask[i]);
      }
      double n = mask.length;
      double deviation = Math.sqrt(n * p * (1 - p));
      assertEquals(n * p, dropped, 5 * deviation, "zeros at p = " + p);
      double agree = p * p + (1 - p) * (1 - p);
      assertEquals(n * agree, same, 5 * Math.sqrt(n * agree * (1 - agree)), "independence");
    }
    Torch.seed(8);
    float[] all = Masks.draw(kernels, manager, new Shape(10), 1).toFloatArray();
    assertArrayEquals(new float[10], all);
  }
}
