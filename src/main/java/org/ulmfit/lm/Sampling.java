package org.ulmfit.lm;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ulmfit.UlmfitException;
import org.ulmfit.random.NumpyRandom;

/**
 * How a word is drawn of a language model's logits.
 *
 * @param temperature logits are divided by it; 0 = the most probable word
 * @param topK of the so many most probable words; 0 = of all
 * @param topP of the most probable words that together have this probability; 1 = of all (Holtzman
 *     et al. 2020)
 */
public record Sampling(double temperature, int topK, double topP) {

  /**
   * @throws UlmfitException (usage) for a value out of bounds
   */
  public Sampling {
    if (!(temperature >= 0 && temperature <= 100)) {
      throw UlmfitException.usage("temperature " + temperature + ": use 0 to 100");
    }
    if (topK < 0) {
      throw UlmfitException.usage("top-k " + topK + ": use 0 (of all words) or more");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw UlmfitException.usage(
          "top-p " + topP + ": use a number above 0, up to 1 (of all words)");
    }
  }

  /**
   * Draws a word.
   *
   * @param logits (V); one of minus infinity is never drawn, and one at least is not
   */
  int draw(float[] logits, NumpyRandom random) {
    int best = 0;
    for (int word = 1; word < logits.length; word++) {
      best = logits[word] > logits[best] ? word : best;
    }
    if (temperature == 0 || topK == 1) {
      return best;
    }
    double[] weights = new double[logits.length];
    double sum = 0;
    for (int word = 0; word < weights.length; word++) {
      weights[word] = Math.exp((logits[word] - logits[best]) / temperature);
      sum += weights[word];
    }
    int[] words = candidates(weights, sum);
    double all = Arrays.stream(words).mapToDouble(word -> weights[word]).sum();
    double left = random.nextDouble() * all;
    for (int word : words) {
      left -= weights[word];
      if (left < 0) {
        return word;
      }
    }
    return words[0];
  }

  /** The words that may be drawn, the most probable first where not all may. */
  private int[] candidates(double[] weights, double sum) {
    if (topK == 0 && topP == 1) {
      return IntStream.range(0, weights.length).filter(word -> weights[word] > 0).toArray();
    }
    // what is less probable than this has less than 1 - topP together
    double least = topK == 0 ? sum * (1 - topP) / weights.length : 0;
    int[] sorted = descending(weights, least);
    int count = topK == 0 ? sorted.length : Math.min(topK, sorted.length);
    double within = 0;
    int taken = 0;
    while (taken < count && (taken == 0 || within < topP * sum)) {
      within += weights[sorted[taken++]];
    }
    return Arrays.copyOf(sorted, taken);
  }

  /** Words that weigh more than that, the heaviest first, as far as float32 tells them apart. */
  private static int[] descending(double[] weights, double least) {
    return IntStream.range(0, weights.length)
        .filter(word -> weights[word] > least)
        .mapToLong(word -> key((float) weights[word], word))
        .sorted()
        .mapToInt(key -> (int) key)
        .toArray();
  }

  /** Ascending with falling weights, 0 or more, then with words. */
  private static long key(float weight, int word) {
    return (long) -Float.floatToIntBits(weight) << Integer.SIZE | word;
  }
}
