package org.ulmfit.classifier;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ulmfit.UlmfitException;
import org.ulmfit.vocab.TokenStore;

/**
 * Puts documents side by side. A document without tokens becomes a single padding token, so that
 * something can be pooled.
 *
 * @param padding which side of a short document is filled up
 * @param padId id of the padding token
 * @param backward whether documents are reversed: last token first, the padding stays on its side
 */
public record Collator(Padding padding, int padId, boolean backward) {

  /** Where padding stands. */
  public enum Padding {
    /** Behind the text, where a masked encoder does not look. */
    RIGHT,
    /** Before the text, fed and pooled. Source: fastai 0.7 {@code pre_pad}. */
    LEFT
  }

  /**
   * The collator of a recipe's {@code classifier.encoder}.
   *
   * @throws UlmfitException (usage) if there is no such encoder
   */
  public static Collator of(String encoder, int padId, boolean backward) {
    return switch (encoder) {
      case "masked" -> new Collator(Padding.RIGHT, padId, backward);
      case "lesson" -> new Collator(Padding.LEFT, padId, backward);
      default ->
          throw UlmfitException.usage(
              "classifier.encoder: unknown encoder \"" + encoder + "\"; use masked or lesson");
    };
  }

  /**
   * Documents of a store, in the order given.
   *
   * @param documents at least one index
   */
  public ClassifierBatch collate(TokenStore store, int[] documents) {
    int[][] ids = Arrays.stream(documents).mapToObj(store::ids).toArray(int[][]::new);
    return collate(ids, Arrays.stream(documents).map(store::label).toArray(), documents);
  }

  /** Documents without labels, numbered as given. */
  public ClassifierBatch collate(int[][] ids) {
    int[] labels = new int[ids.length];
    Arrays.fill(labels, -1);
    return collate(ids, labels, IntStream.range(0, ids.length).toArray());
  }

  ClassifierBatch collate(int[][] texts, int[] labels, int[] documents) {
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
    return new ClassifierBatch(time, rows, ids, lengths, labels, documents);
  }
}
