package org.ulmfit.model;

/**
 * What a classifier's temperature does: its logits are divided by it before they become
 * probabilities, answers or a share of an ensemble's.
 */
public final class Tempering {

  /** The sharpest there may be. */
  public static final double LEAST = 0.01;

  /** The softest there may be. */
  public static final double MOST = 100;

  private Tempering() {}

  /**
   * Logits at a temperature; at 1 they are the ones given.
   *
   * @param logits (rows, classes)
   */
  public static float[][] divided(float[][] logits, double temperature) {
    if (temperature == 1) {
      return logits;
    }
    float[][] all = new float[logits.length][];
    for (int row = 0; row < all.length; row++) {
      float[] own = new float[logits[row].length];
      for (int c = 0; c < own.length; c++) {
        own[c] = (float) (logits[row][c] / temperature);
      }
      all[row] = own;
    }
    return all;
  }
}
