package org.ulmfit.random;

/** Seeds derived from the recipe's seed: randomness is a function of the position, never stored. */
public final class Seeds {

  private Seeds() {}

  /** The engine's seed for one step: {@link #mix} over the words. */
  public static long of(long seed, long... words) {
    long h = mix(seed + 0x9E3779B97F4A7C15L);
    for (long word : words) {
      h = mix(h ^ mix(word + 0x9E3779B97F4A7C15L));
    }
    return h;
  }

  /** SplitMix64's finaliser (Steele et al. 2014): each bit of the result depends on all of z's. */
  public static long mix(long z) {
    long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
