package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ulmfit.UlmfitException;
import org.ulmfit.random.NumpyRandom;

class SamplingTest {
  private static final int DRAWS = 20_000;
  private static final double[] PROBABILITIES = {0.1, 0.5, 0.05, 0.05, 0.3};

  private static double[] shares(Sampling sampling) {
    float[] logits = new float[PROBABILITIES.length + 1];
    for (int word = 0; word < PROBABILITIES.length; word++) {
      logits[word] = (float) Math.log(PROBABILITIES[word]);
    }
    logits[PROBABILITIES.length] = Float.NEGATIVE_INFINITY;
    NumpyRandom random = new NumpyRandom(7);
    double[] shares = new double[logits.length];
    for (int draw = 0; draw < DRAWS; draw++) {
      shares[sampling.draw(logits, random)] += 1.0 / DRAWS;
    }
    return shares;
  }

  private static void assertShares(Sampling sampling, double... expected) {
    double[] shares = shares(sampling);
    for (int word = 0; word < shares.length; word++) {
      double wanted = word < expected.length ? expected[word] : 0;
      double error = Math.sqrt(wanted * (1 - wanted) / DRAWS);
      assertEquals(wanted, shares[word], 4.5 * error + 1e-9, "word " + word);
    }
  }

  @Test
  void wordsAreDrawnByTheirProbabilities() {
    assertShares(new Sampling(1, 0, 1), PROBABILITIES);
  }

  @Test
  void theTemperatureSharpensThem() {
    double sum = 0.01 + 0.25 + 0.0025 + 0.0025 + 0.09; // squares
    assertShares(
        new Sampling(0.5, 0, 1), 0.01 / sum, 0.25 / sum, 0.0025 / sum, 0.0025 / sum, 0.09 / sum);
    assertShares(new Sampling(0, 0, 1), 0, 1);
  }

  @Test
  void theMostProbableAloneAreLeft() {
    assertShares(new Sampling(1, 2, 1), 0, 0.5 / 0.8, 0, 0, 0.3 / 0.8);
    assertShares(new Sampling(1, 1, 1), 0, 1);
    assertShares(new Sampling(1, 0, 0.85), 0.1 / 0.9, 0.5 / 0.9, 0, 0, 0.3 / 0.9);
    assertShares(new Sampling(1, 0, 0.01), 0, 1);
    assertShares(new Sampling(1, 2, 0.4), 0, 1);
  }

  @ParameterizedTest
  @CsvSource({"-1, 0, 1", "NaN, 0, 1", "1, -1, 1", "1, 0, 0", "1, 0, 1.1", "1, 0, NaN"})
  void whatCannotBeIsRefused(double temperature, int topK, double topP) {
    assertThrows(UlmfitException.class, () -> new Sampling(temperature, topK, topP));
  }
}
