package org.ulmfit.check;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.random.Seeds;

/**
 * A short signature of a text: of each of many hash functions the least value among its runs of
 * words. The share of equal places in two signatures estimates the share of runs that the texts
 * have in common (Broder 1997; Jaccard).
 */
final class MinHash {
  /** Places of a signature; its error is at most 1 / (2 sqrt(PLACES)). */
  static final int PLACES = 128;

  /** Words of a run. */
  static final int RUN = 5;

  private static final long[] FACTORS = new long[PLACES];
  private static final long[] SUMMANDS = new long[PLACES];

  static {
    long seed = 0x9E3779B97F4A7C15L;
    for (int place = 0; place < PLACES; place++) {
      FACTORS[place] = Seeds.mix(seed += 0x9E3779B97F4A7C15L) | 1;
      SUMMANDS[place] = Seeds.mix(seed += 0x9E3779B97F4A7C15L);
    }
  }

  private MinHash() {}

  /**
   * The signature of words, lower-cased ones best.
   *
   * @return null: there are fewer words than a run has
   */
  static int @Nullable [] of(List<String> words) {
    if (words.size() < RUN) {
      return null;
    }
    int[] least = new int[PLACES];
    Arrays.fill(least, Integer.MAX_VALUE);
    long[] hashes = new long[words.size()];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = hash(words.get(i));
    }
    for (int from = 0; from + RUN <= hashes.length; from++) {
      long run = 0;
      for (int i = from; i < from + RUN; i++) {
        run = Seeds.mix(run * 31 + hashes[i]);
      }
      for (int place = 0; place < PLACES; place++) {
        int value = (int) ((run * FACTORS[place] + SUMMANDS[place]) >>> 33); // 31 bits
        least[place] = Math.min(least[place], value);
      }
    }
    return least;
  }

  /** The share of equal places. */
  static double similarity(int[] first, int[] second) {
    int same = 0;
    for (int place = 0; place < PLACES; place++) {
      same += first[place] == second[place] ? 1 : 0;
    }
    return (double) same / PLACES;
  }

  /** A hash of a string that is the same in every run of the program. */
  static long hash(CharSequence text) {
    long h = text.length();
    for (int i = 0; i < text.length(); i++) {
      h = h * 0x100000001B3L + text.charAt(i);
    }
    return Seeds.mix(h);
  }
}
