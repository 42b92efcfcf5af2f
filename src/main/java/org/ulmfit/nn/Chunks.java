package org.ulmfit.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * The chunks in which the encoder reads a long text. All are read, their states carried on; only
 * the kept ones, at the end of the text, are pooled and get gradients.
 */
public final class Chunks {

  private Chunks() {}

  /** When a chunk is kept; the last one always is. */
  public enum Rule {
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
   * One chunk.
   *
   * @param start first token
   * @param end token after the last
   */
  public record Chunk(int start, int end, boolean kept) {}

  /**
   * Chunks of a text of {@code length} tokens (at least 1), bptt tokens each, the last one shorter.
   *
   * @param maxLength tokens at the end of the text that may be pooled
   */
  public static List<Chunk> of(int length, int bptt, int maxLength, Rule rule) {
    int firstKept = firstKept(length, bptt, maxLength, rule);
    var chunks = new ArrayList<Chunk>();
    for (int start = 0; start < length; start += bptt) {
      chunks.add(new Chunk(start, Math.min(length, start + bptt), start >= firstKept));
    }
    return chunks;
  }

  /** Start of the first chunk that is kept. */
  public static int firstKept(int length, int bptt, int maxLength, Rule rule) {
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
