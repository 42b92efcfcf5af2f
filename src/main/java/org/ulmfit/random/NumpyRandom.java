package org.ulmfit.random;

/**
 * NumPy's legacy generator ({@code numpy.random.RandomState}): Mersenne Twister 19937 with the
 * draws the lesson depends on, value for value. Not thread-safe.
 *
 * <p>Source: Matsumoto and Nishimura 1998 (reference initialisers of 2002); NumPy legacy
 * distributions.
 */
public final class NumpyRandom {
  private static final int N = 624;
  private static final int M = 397;
  private static final int MATRIX_A = 0x9908b0df;
  private static final int UPPER = 0x80000000;
  private static final int LOWER = 0x7fffffff;
  private static final double TWO_53 = 9007199254740992.0;

  private final int[] state = new int[N];
  private int position = N;
  private double cachedNormal;
  private boolean hasCachedNormal;

  /**
   * The stream of {@code numpy.random.seed(seed)}.
   *
   * @param seed 0 to 2^32 - 1
   * @throws IllegalArgumentException if the seed is out of range
   */
  public NumpyRandom(long seed) {
    initGenrand(word(seed));
  }

  /**
   * The stream of {@code numpy.random.seed([key...])}, for streams derived from several numbers
   * such as (seed, phase, epoch).
   *
   * @param key at least one number, each 0 to 2^32 - 1
   * @throws IllegalArgumentException if the key is empty or a number is out of range
   */
  public NumpyRandom(long... key) {
    if (key.length == 0) {
      throw new IllegalArgumentException("empty key");
    }
    initByArray(key);
  }

  /** The next raw 32-bit output (unsigned). */
  public int nextInt32() {
    if (position == N) {
      refill();
    }
    int y = state[position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  /** Uniform in [0, 1) with 53 bits; costs two raw outputs. */
  public double nextDouble() {
    int high = nextInt32() >>> 5;
    int low = nextInt32() >>> 6;
    return (high * 67108864.0 + low) / TWO_53;
  }

  /** Normal draw by the polar method; the second value of each pair is kept for the next call. */
  public double nextNormal(double mean, double sd) {
    return mean + sd * nextGauss();
  }

  /**
   * Uniform in 0 to {@code maxInclusive}, by masked rejection; 0 draws nothing.
   *
   * @throws IllegalArgumentException if negative
   */
  public int nextBounded(int maxInclusive) {
    if (maxInclusive < 0) {
      throw new IllegalArgumentException("negative bound " + maxInclusive);
    }
    if (maxInclusive == 0) {
      return 0;
    }
    int mask = -1 >>> Integer.numberOfLeadingZeros(maxInclusive);
    int value = nextInt32() & mask;
    while (value > maxInclusive) {
      value = nextInt32() & mask;
    }
    return value;
  }

  /** {@code numpy.random.permutation(n)}. */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = nextBounded(i);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  private double nextGauss() {
    if (hasCachedNormal) {
      hasCachedNormal = false;
      return cachedNormal;
    }
    double x1;
    double x2;
    double r2;
    do {
      x1 = 2.0 * nextDouble() - 1.0;
      x2 = 2.0 * nextDouble() - 1.0;
      r2 = x1 * x1 + x2 * x2;
    } while (r2 >= 1.0 || r2 == 0.0);
    double f = Math.sqrt(-2.0 * Math.log(r2) / r2);
    cachedNormal = f * x1;
    hasCachedNormal = true;
    return f * x2;
  }

  private void initGenrand(int seed) {
    state[0] = seed;
    for (int i = 1; i < N; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
    position = N;
  }

  private void initByArray(long[] key) {
    initGenrand(19650218);
    int i = 1;
    int j = 0;
    for (int k = Math.max(N, key.length); k > 0; k--) {
      int mixed = (state[i - 1] ^ (state[i - 1] >>> 30)) * 1664525;
      state[i] = (state[i] ^ mixed) + word(key[j]) + j;
      i = wrap(i + 1);
      j = (j + 1) % key.length;
    }
    for (int k = N - 1; k > 0; k--) {
      int mixed = (state[i - 1] ^ (state[i - 1] >>> 30)) * 1566083941;
      state[i] = (state[i] ^ mixed) - i;
      i = wrap(i + 1);
    }
    state[0] = UPPER;
  }

  private int wrap(int i) {
    if (i < N) {
      return i;
    }
    state[0] = state[N - 1];
    return 1;
  }

  private void refill() {
    for (int i = 0; i < N; i++) {
      int y = (state[i] & UPPER) | (state[(i + 1) % N] & LOWER);
      state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : MATRIX_A);
    }
    position = 0;
  }

  private static int word(long value) {
    if (value < 0 || value > 0xffffffffL) {
      throw new IllegalArgumentException("seed " + value + " is not in 0 to 2^32 - 1");
    }
    return (int) value;
  }
}
