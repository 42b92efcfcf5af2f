package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.ulmfit.nn.SampledDecoder;
import org.ulmfit.random.NumpyRandom;

class WordSamplerTest {

  private static final long[] COUNTS = {0, 0, 5000, 900, 400, 100, 90, 50, 20, 20, 9, 5, 3, 3, 1};

  private static void assertNegatives(SampledDecoder.Negatives negatives, int size, int words) {
    assertEquals(size, negatives.ids().length);
    assertEquals(size, negatives.logChance().length);
    assertEquals(size, LongStream.of(negatives.ids()).distinct().count());
    assertTrue(LongStream.of(negatives.ids()).allMatch(id -> id >= 0 && id < words));
  }

  @Test
  void chancesFollowTheFlattenedCountsAndSumToTheSize() {
    for (int size = 1; size <= COUNTS.length; size++) {
      double[] chances = new WordSampler(COUNTS, size).chances();
      assertEquals(size, Arrays.stream(chances).sum(), 1e-9);
      assertTrue(Arrays.stream(chances).allMatch(c -> c > 0 && c <= 1), Arrays.toString(chances));
    }
    double[] chances = new WordSampler(COUNTS, 5).chances();
    assertEquals(1, chances[2]);
    assertEquals(Math.pow(100. / 20, .9), chances[5] / chances[8], 1e-9);
    assertEquals(chances[14], chances[0], "a word that never occurs counts as one that does once");
  }

  /** The mean of many draws is within four standard errors of each word's chance. */
  @Test
  void wordsComeWithTheirChances() {
    WordSampler sampler = new WordSampler(COUNTS, 6);
    double[] chances = sampler.chances();
    int draws = 20_000;
    int[] seen = new int[COUNTS.length];
    NumpyRandom random = new NumpyRandom(7);
    for (int i = 0; i < draws; i++) {
      SampledDecoder.Negatives negatives = sampler.draw(random);
      assertNegatives(negatives, 6, COUNTS.length);
      for (int k = 0; k < 6; k++) {
        int word = (int) negatives.ids()[k];
        seen[word]++;
        assertEquals(Math.log(chances[word]), negatives.logChance()[k], 1e-6);
      }
    }
    for (int word = 0; word < seen.length; word++) {
      double error = Math.sqrt(chances[word] * (1 - chances[word]) / draws);
      assertEquals(chances[word], (double) seen[word] / draws, 4 * error + 1e-12, "word " + word);
    }
  }

  /**
   * The estimate of the softmax's sum is unbiased for every target, the target counted in full and
   * left out of the sample, and so is the gradient of the sum.
   */
  @Test
  void theSumOverTheVocabularyIsEstimatedWithoutBias() {
    WordSampler sampler = new WordSampler(COUNTS, 6);
    double[] weights = new Random(1).doubles(COUNTS.length, .1, 20).toArray(); // exp(logit)
    double exact = Arrays.stream(weights).sum();
    int draws = 40_000;
    for (int target : new int[] {2, 5, 14}) {
      NumpyRandom random = new NumpyRandom(target);
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < draws; i++) {
        SampledDecoder.Negatives negatives = sampler.draw(random);
        double estimate = weights[target];
        for (int k = 0; k < negatives.ids().length; k++) {
          int word = (int) negatives.ids()[k];
          estimate += word == target ? 0 : weights[word] / Math.exp(negatives.logChance()[k]);
        }
        sum += estimate;
        squares += estimate * estimate;
      }
      double mean = sum / draws;
      double error = Math.sqrt((squares / draws - mean * mean) / draws);
      assertEquals(exact, mean, 4 * error);
      assertTrue(error < exact / 100, "too few draws to tell: " + error);
    }
  }

  @Test
  void allWordsAreDrawnForCertainWhereTheSizeAllows() {
    for (int size : new int[] {COUNTS.length, 100}) {
      SampledDecoder.Negatives negatives = new WordSampler(COUNTS, size).draw(new NumpyRandom(1));
      assertNegatives(negatives, COUNTS.length, COUNTS.length);
      assertArrayEquals(new float[COUNTS.length], negatives.logChance(), 1e-12f);
    }
  }

  @Test
  void aLargeVocabularyAlwaysGivesTheSameNumberOfWords() {
    long[] counts = new Random(3).longs(5000, 1, 50).toArray();
    Arrays.setAll(counts, i -> i < 200 ? 1_000_000 / (i + 1) : counts[i]);
    WordSampler sampler = new WordSampler(counts, 700);
    for (int step = 0; step < 500; step++) {
      assertNegatives(sampler.draw(new NumpyRandom(42, 0, 0, step)), 700, 5000);
    }
  }

  @Test
  void theSameKeyDrawsTheSameWordsAndAnotherStepOthers() {
    WordSampler sampler = new WordSampler(COUNTS, 6);
    long[] first = sampler.draw(new NumpyRandom(42, 0, 1, 2)).ids();
    assertArrayEquals(first, sampler.draw(new NumpyRandom(42, 0, 1, 2)).ids());
    assertFalse(Arrays.equals(first, sampler.draw(new NumpyRandom(42, 0, 1, 3)).ids()));
  }
}
