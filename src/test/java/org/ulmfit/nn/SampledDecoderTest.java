package org.ulmfit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The sampled softmax against the full one and against its definition in doubles. */
@Tag("engine")
@Tag("parity")
class SampledDecoderTest extends EngineFixture {

  private static final int WORDS = 30;
  private static final int WIDTH = 8;
  private static final int ROWS = 23;
  private static final float[] WEIGHTS = numbers(WORDS * WIDTH, 1, 1);
  private static final float[] BIAS = numbers(WORDS, 1, 2);
  private static final float[] INPUT = numbers(ROWS * WIDTH, 2, 3);
  private static final long[] TARGETS = new Random(4).longs(ROWS, 0, WORDS).toArray();

  /** Loss and gradients of one call. */
  private record Result(double loss, float[] input, float[] weights, float[] bias) {}

  private interface Call {
    TiedDecoder.Loss apply(AwdLstm encoder, TiedDecoder full, NDArray h, NDArray targets);
  }

  private Result run(Kernels with, Call call) {
    try (AwdLstm encoder = new AwdLstm(manager, with, new AwdLstm.Sizes(WORDS, WIDTH, WIDTH, 1));
        TiedDecoder full = new TiedDecoder(manager, encoder, true, 7)) {
      Tensors.set(encoder.embedding().value(), FloatBuffer.wrap(WEIGHTS));
      Tensors.set(full.bias().value(), FloatBuffer.wrap(BIAS));
      encoder.embedding().trainable(true);
      full.bias().trainable(true);
      TiedDecoder.Loss loss =
          call.apply(encoder, full, array(INPUT, ROWS, WIDTH), manager.create(TARGETS));
      return new Result(
          loss.mean(),
          floats(loss.inputGradient()),
          floats(encoder.embedding().gradient(manager)),
          floats(full.bias().gradient(manager)));
    }
  }

  private Result full() {
    return run(kernels, (encoder, full, h, t) -> full.lossAndGradients(manager, h, t));
  }

  private Result sampled(Kernels with, SampledDecoder.Negatives negatives) {
    return run(
        with,
        (encoder, full, h, t) ->
            new SampledDecoder(encoder, full, 7).lossAndGradients(manager, h, t, negatives));
  }

  private static void assertClose(Result expected, Result actual, double tolerance) {
    assertEquals(expected.loss(), actual.loss(), tolerance * Math.abs(expected.loss()));
    assertClose(expected.input(), actual.input(), tolerance, "input");
    assertClose(expected.weights(), actual.weights(), tolerance, "embedding");
    assertClose(expected.bias(), actual.bias(), tolerance, "bias");
  }

  /** Relative to the largest element. */
  private static void assertClose(float[] expected, float[] actual, double tolerance, String what) {
    double scale = 0;
    for (float v : expected) {
      scale = Math.max(scale, Math.abs(v));
    }
    assertTrue(scale > 0, what);
    assertArrayEquals(expected, actual, (float) (tolerance * scale), what);
  }

  private static SampledDecoder.Negatives everyWord() {
    long[] ids = LongStream.range(0, WORDS).toArray();
    shuffle(ids, new Random(9));
    return new SampledDecoder.Negatives(ids, new float[WORDS]);
  }

  private static void shuffle(long[] ids, Random random) {
    for (int i = ids.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      long swapped = ids[i];
      ids[i] = ids[j];
      ids[j] = swapped;
    }
  }

  @Test
  void withEveryWordDrawnItIsTheFullSoftmax() {
    assertClose(full(), sampled(kernels, everyWord()), 1e-5);
  }

  /** Ten of thirty words, some of them targets, with chances that are not uniform. */
  private static SampledDecoder.Negatives someWords() {
    long[] ids = {TARGETS[0], TARGETS[1], 0, 29, 7, 13, 21, 5, 11, 17};
    long[] unique = LongStream.of(ids).distinct().toArray();
    float[] log = new float[unique.length];
    for (int i = 0; i < log.length; i++) {
      log[i] = (float) Math.log((i + 1.0) / (log.length + 1));
    }
    return new SampledDecoder.Negatives(unique, log);
  }

  private static double logit(int row, int word) {
    double z = BIAS[word];
    for (int k = 0; k < WIDTH; k++) {
      z += (double) INPUT[row * WIDTH + k] * WEIGHTS[word * WIDTH + k];
    }
    return z;
  }

  /**
   * The definition: a word other than the target counts exp(logit) / chance if it was drawn; a
   * target that was drawn too counts once, in full.
   */
  private static Result definition(SampledDecoder.Negatives negatives) {
    double loss = 0;
    double[] input = new double[ROWS * WIDTH];
    double[] weights = new double[WORDS * WIDTH];
    double[] bias = new double[WORDS];
    for (int row = 0; row < ROWS; row++) {
      int target = (int) TARGETS[row];
      double[] counted = new double[WORDS];
      counted[target] = Math.exp(logit(row, target));
      for (int i = 0; i < negatives.ids().length; i++) {
        int word = (int) negatives.ids()[i];
        if (word != target) {
          counted[word] = Math.exp(logit(row, word) - negatives.logChance()[i]);
        }
      }
      double sum = Arrays.stream(counted).sum();
      loss -= Math.log(counted[target] / sum) / ROWS;
      for (int word = 0; word < WORDS; word++) {
        double g = (counted[word] / sum - (word == target ? 1 : 0)) / ROWS;
        bias[word] += g;
        for (int k = 0; k < WIDTH; k++) {
          input[row * WIDTH + k] += g * WEIGHTS[word * WIDTH + k];
          weights[word * WIDTH + k] += g * INPUT[row * WIDTH + k];
        }
      }
    }
    return new Result(loss, narrow(input), narrow(weights), narrow(bias));
  }

  private static float[] narrow(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @Test
  void itIsItsDefinitionAlsoWhereATargetWasDrawnByAccident() {
    SampledDecoder.Negatives negatives = someWords();
    long hits =
        LongStream.of(TARGETS)
            .filter(t -> LongStream.of(negatives.ids()).anyMatch(i -> i == t))
            .count();
    assertTrue(hits > 2 && hits < ROWS, hits + " accidental hits");
    assertClose(definition(negatives), sampled(kernels, negatives), 1e-5);
  }

  @Test
  void aSecondCallAddsToTheBuffers() {
    Result once = sampled(kernels, someWords());
    Result twice =
        run(
            kernels,
            (encoder, full, h, t) -> {
              SampledDecoder decoder = new SampledDecoder(encoder, full, 7);
              decoder.lossAndGradients(manager, h, t, someWords());
              return decoder.lossAndGradients(manager, h, t, someWords());
            });
    float[] doubled = once.weights().clone();
    for (int i = 0; i < doubled.length; i++) {
      doubled[i] *= 2;
    }
    assertClose(doubled, twice.weights(), 1e-6, "embedding");
  }

  @Test
  void wordsThatAreNeitherDrawnNorTargetsGetNoGradient() {
    SampledDecoder.Negatives negatives = someWords();
    Result result = sampled(kernels, negatives);
    List<Integer> untouched = new ArrayList<>();
    for (int word = 0; word < WORDS; word++) {
      long id = word;
      boolean used =
          LongStream.concat(LongStream.of(negatives.ids()), LongStream.of(TARGETS))
              .anyMatch(i -> i == id);
      assertEquals(used, result.bias()[word] != 0, "word " + word);
      if (!used) {
        untouched.add(word);
        assertEquals(0, result.weights()[word * WIDTH]);
      }
    }
    assertTrue(!untouched.isEmpty());
  }

  @Test
  void bfloat16ComputesTheSameWithinItsPrecision() {
    try (Kernels half = Kernels.load(Device.cpu(), Kernels.Arithmetic.BFLOAT16)) {
      Result single = sampled(kernels, someWords());
      Result rounded = sampled(half, someWords());
      assertClose(single, rounded, 2e-2);
      assertNotEquals(single.loss(), rounded.loss());
    }
  }
}
