package org.ulmfit.lm;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ulmfit.nn.SampledDecoder;
import org.ulmfit.random.NumpyRandom;

/**
 * Draws the words of a sampled softmax: always the same number, each at most once, with chances
 * proportional to their flattened counts. Systematic sampling over a shuffled list (Madow 1949):
 * each chance is then known exactly, which drawing with replacement until enough differ does not
 * give. Words whose chance would pass 1 are always drawn.
 */
final class WordSampler {

  /**
   * Exponent of the counts: rarer words are drawn a little more often than they occur. word2vec
   * takes 0.75 (Mikolov et al. 2013), but wants few negatives, not the softmax's sum.
   */
  static final double FLATTENING = 0.9;

  private final int size;
  private final double[] chances;
  private final float[] logChances;
  private final int[] certain;
  private final int[] others;

  /**
   * @param counts occurrences of each word in the training text; a word that never occurs counts as
   *     one that occurs once
   * @param size words to draw; all of them if there are fewer
   */
  WordSampler(long[] counts, int size) {
    this.size = Math.min(size, counts.length);
    int[] byCount =
        IntStream.range(0, counts.length)
            .boxed()
            .sorted(Comparator.comparingLong((Integer word) -> -counts[word]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] weights = new double[counts.length]; // in that order
    Arrays.setAll(weights, i -> Math.pow((double) Math.max(1, counts[byCount[i]]), FLATTENING));
    double rest = Arrays.stream(weights).sum();
    int sure = 0;
    while (sure < this.size && weights[sure] * (this.size - sure) >= rest) {
      rest -= weights[sure++];
    }
    this.certain = Arrays.copyOf(byCount, sure);
    this.others = Arrays.copyOfRange(byCount, sure, byCount.length);
    this.chances = new double[counts.length];
    Arrays.fill(chances, 1);
    for (int i = sure; i < weights.length; i++) {
      chances[byCount[i]] = weights[i] * (this.size - sure) / rest;
    }
    this.logChances = new float[counts.length];
    for (int word = 0; word < counts.length; word++) {
      logChances[word] = (float) Math.log(chances[word]);
    }
  }

  /** Chance of each word to be drawn. */
  double[] chances() {
    return chances.clone();
  }

  /** One draw. */
  SampledDecoder.Negatives draw(NumpyRandom random) {
    long[] ids = new long[size];
    int drawn = 0;
    for (int word : certain) {
      ids[drawn++] = word;
    }
    int[] order = random.permutation(others.length);
    double start = random.nextDouble();
    double passed = 0;
    for (int i = 0; drawn < size; i++) {
      int word = others[order[i]];
      passed += chances[word];
      // the last place falls to the last word should rounding keep the sum below it
      if (passed > start + drawn - certain.length || others.length - i == size - drawn) {
        ids[drawn++] = word;
      }
    }
    float[] logs = new float[size];
    for (int i = 0; i < size; i++) {
      logs[i] = logChances[(int) ids[i]];
    }
    return new SampledDecoder.Negatives(ids, logs);
  }
}
