package org.ulmfit.classifier;

import java.util.Arrays;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.DocumentEncoder;
import org.ulmfit.vocab.TokenStore;

/**
 * Puts documents side by side. A document without tokens becomes a single padding token, so that
 * something can be pooled.
 *
 * @param padding which side of a short document is filled up
 * @param padId id of the padding token
 * @param backward whether documents are reversed: last token first, the padding stays on its side
 */
record Collator(Padding padding, int padId, boolean backward) {

  /** Where padding stands. */
  enum Padding {
    /** Behind the text, where a masked encoder does not look. */
    RIGHT,
    /** Before the text, fed and pooled. Source: fastai 0.7 {@code pre_pad}. */
    LEFT
  }

  /** The collator of a layout. */
  static Collator of(Recipe.Layout layout, int padId, boolean backward) {
    Padding padding = layout == Recipe.Layout.LESSON ? Padding.LEFT : Padding.RIGHT;
    return new Collator(padding, padId, backward);
  }

  /**
   * Documents of a store, in the order given.
   *
   * @param documents at least one index
   */
  DocumentEncoder.Batch collate(TokenStore store, int[] documents) {
    return collate(Arrays.stream(documents).mapToObj(store::ids).toArray(int[][]::new));
  }

  /** Documents in the order given, at least one. */
  DocumentEncoder.Batch collate(int[][] texts) {
    int rows = texts.length;
    int[] lengths = Arrays.stream(texts).mapToInt(text -> Math.max(1, text.length)).toArray();
    int time = Arrays.stream(lengths).max().orElseThrow();
    long[] ids = new long[Math.multiplyExact(time, rows)]; // (time, rows)
    Arrays.fill(ids, padId);
    for (int row = 0; row < rows; row++) {
      int[] text = texts[row];
      int first = padding == Padding.LEFT ? time - lengths[row] : 0;
      for (int t = 0; t < text.length; t++) {
        ids[(first + t) * rows + row] = text[backward ? text.length - 1 - t : t];
      }
    }
    return new DocumentEncoder.Batch(time, rows, ids, lengths);
  }
}
