package org.ulmfit.ngram;

import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;

/**
 * What the rows of a matrix are labelled with.
 *
 * @param classes number of labels there are
 * @param labels indices of each row's labels; with one label a row, one each
 */
public record Truth(Labelling labelling, int classes, int[][] labels) {

  /**
   * @throws UlmfitException (bad data) if each row has one label and there are not two of them
   */
  public Truth {
    if (labelling == Labelling.SINGLE && classes < 2) {
      throw UlmfitException.badData(
          "a classifier of " + classes + " label: give it rows of at least two");
    }
  }

  /**
   * Number of margins that a row is judged by: one where a row has one of two labels, which then
   * speaks for the second, otherwise one for each label.
   */
  public int outputs() {
    return isBinary() ? 1 : classes;
  }

  /** Whether a row has one of two labels. */
  boolean isBinary() {
    return labelling == Labelling.SINGLE && classes == 2;
  }

  /** Whether an output should speak for a row. */
  public boolean positive(int row, int output) {
    return has(row, isBinary() ? 1 : output);
  }

  boolean has(int row, int label) {
    for (int own : labels[row]) {
      if (own == label) {
        return true;
      }
    }
    return false;
  }
}
