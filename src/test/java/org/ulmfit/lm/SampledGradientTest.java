package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ulmfit.model.AwdLstmSizes;
import org.ulmfit.nn.EngineFixture;
import org.ulmfit.nn.Parameter;
import org.ulmfit.nn.SampledDecoder;
import org.ulmfit.nn.Tensors;
import org.ulmfit.nn.TiedDecoder;
import org.ulmfit.random.NumpyRandom;

/** Monte Carlo: over many draws the sampled softmax teaches what the full one does. */
@Tag("engine")
class SampledGradientTest extends EngineFixture {

  private static final int WORDS = 40;
  private static final int WIDTH = 6;
  private static final int ROWS = 25;
  private static final int DRAWS = 1500;

  /** Zipf's law. */
  private static final long[] COUNTS = new long[WORDS];

  static {
    Arrays.setAll(COUNTS, i -> 4000L / (i + 1));
  }

  /** Mean loss and the gradients of input, embedding and bias, one after the other. */
  private record Mean(double loss, double[] gradient) {

    double distance(Mean other) {
      double squares = 0;
      double norm = 0;
      for (int i = 0; i < gradient.length; i++) {
        squares += Math.pow(gradient[i] - other.gradient[i], 2);
        norm += Math.pow(other.gradient[i], 2);
      }
      return Math.sqrt(squares / norm);
    }
  }

  private interface Call {
    TiedDecoder.Loss apply(int draw, NDArray h, NDArray targets);
  }

  private Mean mean(LanguageModel model, int draws, Call call) {
    Parameter weights = model.encoder().embedding();
    Parameter bias = model.decoder().bias();
    NDArray h = array(numbers(ROWS * WIDTH, 1.5, 3), ROWS, WIDTH);
    long[] targets =
        new Random(4).ints(ROWS, 0, WORDS * WORDS).mapToLong(i -> (long) Math.sqrt(i)).toArray();
    NDArray aim = manager.create(targets);
    double loss = 0;
    double[] input = new double[ROWS * WIDTH];
    kernels.callLists(
        manager, "zero", List.of(new NDList(weights.gradient(manager), bias.gradient(manager))));
    for (int draw = 0; draw < draws; draw++) {
      TiedDecoder.Loss one = call.apply(draw, h, aim);
      loss += one.mean() / draws;
      float[] dh = floats(one.inputGradient());
      for (int i = 0; i < dh.length; i++) {
        input[i] += dh[i] / draws;
      }
      one.inputGradient().close();
    }
    double[] all = Arrays.copyOf(input, input.length + WORDS * WIDTH + WORDS);
    float[] dw = floats(weights.gradient(manager));
    float[] db = floats(bias.gradient(manager));
    for (int i = 0; i < dw.length; i++) {
      all[input.length + i] = dw[i] / (double) draws;
    }
    for (int i = 0; i < db.length; i++) {
      all[input.length + dw.length + i] = db[i] / (double) draws;
    }
    return new Mean(loss, all);
  }

  @Test
  void theMeanOverDrawsNearsTheFullSoftmaxAndWithoutCorrectionItDoesNot() {
    var sizes = new AwdLstmSizes(WORDS, WIDTH, WIDTH, 1, true);
    try (LanguageModel model = new LanguageModel(manager, kernels, sizes)) {
      Tensors.set(
          model.encoder().embedding().value(), FloatBuffer.wrap(numbers(WORDS * WIDTH, 1, 1)));
      Tensors.set(model.decoder().bias().value(), FloatBuffer.wrap(numbers(WORDS, 1, 2)));
      model.groups().forEach(g -> g.parameters().forEach(p -> p.trainable(true)));
      Mean full = mean(model, 1, (draw, h, t) -> model.decoder().lossAndGradients(manager, h, t));
      SampledDecoder sampled = new SampledDecoder(model.encoder(), model.decoder(), 10);
      Mean few = mean(model, DRAWS, (draw, h, t) -> drawn(sampled, 12, draw, h, t, true));
      Mean more = mean(model, DRAWS, (draw, h, t) -> drawn(sampled, 24, draw, h, t, true));
      Mean plain = mean(model, DRAWS, (draw, h, t) -> drawn(sampled, 12, draw, h, t, false));
      // the log of an unbiased sum is a little too small (Jensen), the less so the more are drawn
      assertTrue(few.loss() < more.loss() && more.loss() < full.loss(), few + " " + more);
      assertEquals(full.loss(), few.loss(), .03 * full.loss());
      assertEquals(full.loss(), more.loss(), .01 * full.loss());
      assertTrue(plain.loss() < .85 * full.loss(), plain.loss() + " " + full.loss());
      assertTrue(few.distance(full) < .2, "12 words: " + few.distance(full));
      assertTrue(more.distance(full) < few.distance(full) / 2, "24: " + more.distance(full));
      assertTrue(plain.distance(full) > 2 * few.distance(full), "bare " + plain.distance(full));
    }
  }

  private TiedDecoder.Loss drawn(
      SampledDecoder decoder, int words, int draw, NDArray h, NDArray targets, boolean corrected) {
    SampledDecoder.Negatives negatives =
        new WordSampler(COUNTS, words).draw(new NumpyRandom(1, 2, 3, draw));
    float[] bare = new float[words];
    return decoder.lossAndGradients(
        manager,
        h,
        targets,
        corrected ? negatives : new SampledDecoder.Negatives(negatives.ids(), bare));
  }
}
