package org.ulmfit.nn;

/**
 * The chunks in which the encoder reads a long text. All are read, their states carried on; only
 * the kept ones, at the end of the text, are pooled and get gradients.
 */
final class Chunks {

  private Chunks() {}

  /** When a chunk is kept; the last one always is. */
  enum Rule {
    /**
     * Starts after {@code length - maxLength}: a text of exactly maxLength loses its first chunk.
     */
    FASTAI_07,
    /** No more than {@code maxLength} tokens from its start to the end. */
    FASTAI_2;

    private boolean keeps(int start, int length, int maxLength) {
      return this == FASTAI_07 ? start > length - maxLength : length - start <= maxLength;
    }
  }

  /**
   * Start of the first chunk that is kept.
   *
   * @param length tokens of the text, at least 1
   * @param bptt tokens of a chunk; the last one may be shorter
   * @param maxLength tokens at the end of the text that may be pooled
   */
  static int firstKept(int length, int bptt, int maxLength, Rule rule) {
    if (length < 1) {
      throw new IllegalArgumentException("a text of " + length + " tokens has no chunks");
    }
    int start = 0;
    while (start + bptt < length && !rule.keeps(start, length, maxLength)) {
      start += bptt;
    }
    return start;
  }
}
