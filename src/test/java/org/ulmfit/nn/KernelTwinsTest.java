package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every kernel against its twin in plain DJL operations: values and gradients. */
@Tag("engine")
@Tag("parity")
class KernelTwinsTest extends EngineFixture {

  /** Relative to the largest element: float32 sums in another order. */
  private static void assertClose(float[] expected, float[] actual, String what) {
    double scale = 0;
    for (float v : expected) {
      scale = Math.max(scale, Math.abs(v));
    }
    assertArrayEquals(expected, actual, (float) (1e-6 + 2e-5 * scale), what);
  }

  private static void assertClose(NDArray expected, NDArray actual, String what) {
    assertEquals(expected.getShape(), actual.getShape(), what);
    assertClose(floats(expected), floats(actual), what);
  }

  /** Values of a function and the gradients of sum(result * weight) for the leaves. */
  private List<float[]> valuesAndGradients(Supplier<NDArray> function, NDArray... leaves) {
    List<float[]> all = new ArrayList<>();
    backward(
        () -> {
          NDArray y = function.get();
          all.add(floats(y));
          return y.mul(array(numbers((int) y.size(), 1, 99), y.getShape().getShape())).sum();
        });
    for (NDArray leaf : leaves) {
      all.add(floats(leaf.getGradient()));
      kernels.callLists(manager, "zero", List.of(new NDList(leaf.getGradient())));
    }
    return all;
  }

  private void assertTwins(Supplier<NDArray> twin, Supplier<NDArray> kernel, NDArray... leaves) {
    List<float[]> expected = valuesAndGradients(twin, leaves);
    List<float[]> actual = valuesAndGradients(kernel, leaves);
    for (int i = 0; i < expected.size(); i++) {
      assertClose(expected.get(i), actual.get(i), i == 0 ? "value" : "gradient of leaf " + i);
    }
  }

  private NDArray ids(int bound, long seed, long... shape) {
    return manager.create(
        new Random(seed).longs(new Shape(shape).size(), 0, bound).toArray(), new Shape(shape));
  }

  private NDArray mask(double p, long seed, long... shape) {
    float[] u = numbers((int) new Shape(shape).size(), 1, seed);
    for (int i = 0; i < u.length; i++) {
      u[i] = (u[i] + 1) / 2 < p ? 0 : (float) (1 / (1 - p));
    }
    return array(u, shape);
  }

  @Test
  void lstm() {
    NDArray x = leaf(1, 1, 7, 3, 5);
    NDArray h = random(.5, 2, 1, 3, 4);
    NDArray c = random(.5, 3, 1, 3, 4);
    NDList p = new NDList(leaf(.5, 4, 16, 5), leaf(.5, 5, 16, 4), leaf(.5, 6, 16), leaf(.5, 7, 16));
    NDArray mask = mask(.3, 8, 1, 3, 5);
    NDArray wMask = mask(.5, 9, 16, 4);
    for (int result = 0; result < 3; result++) {
      int r = result; // outputs, last hidden state, last cell state
      assertTwins(
          () -> PlainDjl.lstm(x, mask, h, c, wMask, p).get(r),
          () ->
              kernels
                  .call(
                      manager, "lstm", x, mask, h, c, p.get(0), p.get(1), wMask, p.get(2), p.get(3))
                  .get(r),
          x,
          p.get(0),
          p.get(1),
          p.get(2),
          p.get(3));
    }
    NDArray one = manager.ones(new Shape(1, 1, 1));
    NDArray all = manager.ones(new Shape(1, 1));
    NDList evaluated = // nothing is kept for backward
        kernels.call(manager, "lstm", x, one, h, c, p.get(0), p.get(1), all, p.get(2), p.get(3));
    NDList expected = PlainDjl.lstm(x, one, h, c, all, p);
    for (int r = 0; r < 3; r++) {
      assertClose(expected.get(r), evaluated.get(r), "evaluation, result " + r);
    }
  }

  /** The hand-derived gradient of the tied decoder, over chunks that do not divide the rows. */
  @Test
  void decoder() {
    AwdLstm encoder = new AwdLstm(manager, kernels, new AwdLstm.Sizes(50, 8, 8, 1));
    TiedDecoder decoder = new TiedDecoder(manager, encoder, true, 7);
    Tensors.set(encoder.embedding().value(), FloatBuffer.wrap(numbers(400, 1, 1)));
    Tensors.set(decoder.bias().value(), FloatBuffer.wrap(numbers(50, 1, 2)));
    encoder.embedding().trainable(true);
    decoder.bias().trainable(true);
    NDArray h = leaf(2, 3, 30, 8);
    NDArray t = ids(50, 4, 30);
    NDArray w = leaf(1, 1, 50, 8);
    NDArray b = leaf(1, 2, 50);
    double[] loss = new double[1];
    backward(
        () -> {
          NDArray mean = PlainDjl.decode(h, w, b, t);
          loss[0] = mean.getFloat();
          return mean;
        });
    TiedDecoder.Loss ours = decoder.lossAndGradients(manager, random(2, 3, 30, 8), t);
    assertEquals(loss[0], ours.mean(), 1e-5);
    assertClose(h.getGradient(), ours.inputGradient(), "input");
    assertClose(w.getGradient(), encoder.embedding().gradient(manager), "embedding");
    assertClose(b.getGradient(), decoder.bias().gradient(manager), "bias");
    // a second call adds to the buffers
    decoder.lossAndGradients(manager, random(2, 3, 30, 8), t);
    assertClose(w.getGradient().mul(2), encoder.embedding().gradient(manager), "accumulated");

    TiedDecoder.Score score = decoder.score(manager, random(2, 3, 30, 8), t);
    assertEquals(loss[0] * 30, score.lossSum(), 1e-3);
    NDArray logits = PlainDjl.linear(h, w, b);
    assertClose(logits, DecoderLogits.of(manager, encoder, decoder, h), "logits");
    long hits = logits.argMax(1).eq(t).toType(DataType.INT64, true).sum().getLong();
    assertEquals(hits, score.hits());
    assertEquals(30, score.rows());
  }

  @Test
  void embedding() {
    NDArray w = leaf(1, 1, 9, 4);
    NDArray rows = mask(.4, 2, 9, 1);
    NDArray ids = manager.create(new long[] {2, 3, 3, 8, 0, 2, 1, 7}, new Shape(4, 2));
    assertClose(
        PlainDjl.embed(w, rows, ids), kernels.call(manager, "embed", w, rows, ids).get(0), "rows");
    assertClose(
        PlainDjl.embed(w, manager.ones(new Shape(9, 1)), ids),
        kernels.one(manager, "embed_plain", w, ids),
        "evaluation");
    NDArray g = random(1, 3, 4, 2, 4);
    backward(() -> PlainDjl.embed(w, rows, ids).mul(g).sum());
    NDArray expected = w.getGradient();
    expected.set(new ai.djl.ndarray.index.NDIndex("1"), 0); // torch padding_idx
    NDArray r = kernels.call(manager, "embed", w, rows, ids).get(1);
    NDArray dw = manager.zeros(new Shape(9, 4));
    kernels.call(manager, "embed_backward", dw, ids, g, r, manager.create(1L));
    assertClose(expected, dw, "gradient");
  }

  @Test
  void surrogate() {
    NDArray y = leaf(1, 1, 6, 3, 4);
    NDArray mask = mask(.4, 2, 1, 3, 4);
    NDArray dh = random(1, 3, 6, 3, 4);
    for (int dropped = 0; dropped < 2; dropped++) {
      boolean onDropped = dropped == 1;
      NDArray settings = manager.create(new float[] {2, 3, dropped});
      assertTwins(
          () -> {
            NDArray out = y.mul(mask);
            NDArray extra = PlainDjl.regularisers(onDropped ? out : y, y, 2, 3);
            return out.mul(dh).sum().add(extra);
          },
          () -> kernels.call(manager, "surrogate", y, mask, dh, settings).get(0),
          y);
    }
    // a window of one step has no temporal difference
    NDArray settings = manager.create(new float[] {0, 3, 0});
    NDList one = kernels.call(manager, "surrogate", y.get("0:1"), mask, dh.get("0:1"), settings);
    assertEquals(0, one.get(2).getFloat());
  }

  @Test
  void pool() {
    NDArray y = leaf(1, 1, 5, 3, 4);
    float[] kept = {1, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 0, 0}; // (5, 3): 0-4, 2-3, 1-2
    NDArray mask = array(kept, 5, 3, 1);
    long[] last = {4, 3, 2};
    NDArray count = array(new float[] {5, 2, 2}, 3, 1);
    assertTwins(
        () -> PlainDjl.pool(y, mask, last),
        () -> kernels.one(manager, "pool", y, mask, manager.create(last), count),
        y);
  }

  @Test
  void head() {
    PoolingHead head =
        new PoolingHead(manager, kernels, new PoolingHead.Layout(6, 5, 3, true, 0, 0));
    Map<String, Parameter> p =
        head.parameters().stream().collect(Collectors.toMap(Parameter::name, q -> q));
    long seed = 1;
    List<NDArray> leaves = new ArrayList<>();
    for (Parameter q : head.parameters()) {
      Tensors.set(q.value(), FloatBuffer.wrap(numbers((int) q.value().size(), 1, seed++)));
      q.trainable(true);
      leaves.add(q.value());
    }
    NDArray f = leaf(1, 20, 8, 6);
    leaves.add(f);
    assertTwins(
        () -> {
          NDArray n0 = PlainDjl.norm(f, value(p, "layers.0.0.weight"), value(p, "layers.0.0.bias"));
          NDArray a =
              NDArrays.maximum(
                  PlainDjl.linear(n0, value(p, "layers.0.2.weight"), value(p, "layers.0.2.bias")),
                  0);
          NDArray n1 = PlainDjl.norm(a, value(p, "layers.1.0.weight"), value(p, "layers.1.0.bias"));
          return PlainDjl.linear(n1, value(p, "layers.1.2.weight"), value(p, "layers.1.2.bias"));
        },
        () -> head.forward(manager, f, true),
        leaves.toArray(NDArray[]::new));
  }

  private static NDArray value(Map<String, Parameter> parameters, String name) {
    return parameters.get(name).value();
  }

  @Test
  void classifierLoss() {
    NDArray z = leaf(2, 1, 4, 3);
    NDArray y = leaf(1, 2, 5, 4, 3);
    NDArray t = manager.create(new long[] {0, 2, 1, 2});
    NDArray mask =
        array(new float[] {1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0}, 5, 4, 1);
    assertTwins(
        () -> {
          NDArray a = y.mul(mask);
          return PlainDjl.crossEntropy(z, t).add(PlainDjl.regularisers(a, a, 2, 3));
        },
        () ->
            kernels
                .call(manager, "classifier_loss", z, t, y, mask, manager.create(new float[] {2, 3}))
                .get(0),
        z,
        y);
    NDList r =
        kernels.call(manager, "classifier_loss", z, t, y, mask, manager.create(new float[] {2, 3}));
    assertEquals(PlainDjl.crossEntropy(z, t).getFloat(), r.get(1).getFloat(), 1e-6);
    assertEquals(
        z.argMax(1).eq(t).toType(DataType.INT64, true).sum().getLong(), r.get(2).getLong());
  }

  /** Weighted by rows and smoothed: the mean over the weights. */
  @Test
  void weightedLoss() {
    NDArray z = leaf(2, 1, 4, 3);
    NDArray y = leaf(1, 2, 5, 4, 3);
    NDArray t = manager.create(new long[] {0, 2, 1, 2});
    NDArray w = array(new float[] {.5f, 3, 2, 3}, 4);
    NDArray mask = manager.ones(new Shape(5, 4, 1));
    NDArray hp = manager.create(new float[] {2, 3, .3f});
    NDArray one = t.oneHot(3); // (4, 3)
    assertTwins(
        () -> {
          NDArray p = z.logSoftmax(1).neg(); // (4, 3)
          NDArray sum = p.mul(one.mul(.7f).add(.1f)).sum(new int[] {1}).mul(w).sum();
          NDArray loss = sum.div(w.sum());
          return loss.add(PlainDjl.regularisers(y, y, 2, 3));
        },
        () -> kernels.call(manager, "weighted_loss", z, t, w, y, mask, hp).get(0),
        z,
        y);
  }

  @Test
  void multilabelLoss() {
    NDArray z = leaf(2, 1, 4, 3);
    NDArray y = leaf(1, 2, 5, 4, 3);
    NDArray t = array(new float[] {0, 1, .1f, 1, 1, 0, 0, 0, 0, .9f, 0, 1}, 4, 3);
    NDArray w = array(new float[] {1, 2, 3, .5f, 2, 1, 1, 1, 1, .5f, 1, 3}, 4, 3);
    NDArray mask = manager.ones(new Shape(5, 4, 1));
    NDArray hp = manager.create(new float[] {2, 3});
    assertTwins(
        () -> {
          NDArray yes = z.neg().exp().add(1).log(); // minus log of the sigmoid
          NDArray no = z.exp().add(1).log();
          NDArray loss = t.mul(yes).add(t.neg().add(1).mul(no)).mul(w).mean();
          return loss.add(PlainDjl.regularisers(y, y, 2, 3));
        },
        () -> kernels.call(manager, "multilabel_loss", z, t, w, y, mask, hp).get(0),
        z,
        y);
  }

  @Test
  void globalNorm() {
    NDList gradients = new NDList(random(1, 1, 7, 3), random(2, 2, 11), random(.1, 3, 1, 1));
    double sum = 0;
    for (NDArray g : gradients) {
      for (float v : floats(g)) {
        sum += (double) v * v;
      }
    }
    float norm =
        kernels.callLists(manager, "global_norm", List.of(gradients)).singletonOrThrow().getFloat();
    assertEquals(Math.sqrt(sum), norm, 1e-5);
  }
}
