package org.ulmfit.vocab;

/**
 * Pretrained rows for a new vocabulary: a word that the old vocabulary has keeps its row, any other
 * gets the mean of all old rows. Source: fastai 0.7 lesson 10, fastai 1 convert_weights, fastai 2
 * match_embeds.
 */
public final class Remap {
  private Remap() {}

  /**
   * @param rows new rows, row-major, {@code newVocab.size()} times width
   * @param matched per new id, whether it kept a pretrained row
   * @param typesMatched how many did
   */
  public record Result(float[] rows, boolean[] matched, int typesMatched) {

    /**
     * One line that says how many types and how many tokens of the corpus were matched.
     *
     * @param counts occurrences of each new id in the training text ({@link TokenStore#counts})
     */
    public String describe(long[] counts) {
      throw new UnsupportedOperationException();
    }
  }

  /**
   * @param oldRows {@code oldVocab.size()} times width, row-major (a bias has width 1)
   * @param zeroIsMissing row 0 counts as missing, as printed in the lesson
   * @param aliasSpecials specials of other rule profiles match ({@code _unk_} with {@code xxunk})
   */
  public static Result rows(
      float[] oldRows,
      int width,
      Vocab oldVocab,
      Vocab newVocab,
      boolean zeroIsMissing,
      boolean aliasSpecials) {
    throw new UnsupportedOperationException();
  }
}
