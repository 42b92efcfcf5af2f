package org.ulmfit.train;

import org.jspecify.annotations.Nullable;

/**
 * What a model's temperature does to its probabilities.
 *
 * @param temperature that logits are divided by
 * @param heldOut on the validation rows, each at the temperature of the half that it is not in
 * @param test on the test rows; null: there are none
 */
public record TemperatureGain(double temperature, Change heldOut, @Nullable Change test) {

  /**
   * Probabilities of the same rows.
   *
   * @param before as the model was trained: at temperature 1
   */
  public record Change(Measured before, Measured after) {

    /** Of answers without and with the temperature. */
    public static Change of(Scores before, Scores after) {
      return new Change(Measured.of(before), Measured.of(after));
    }
  }

  /**
   * How far probabilities can be trusted.
   *
   * @param loss as {@link Scores#loss}
   */
  public record Measured(double loss, Calibration calibration) {

    private static Measured of(Scores scores) {
      return new Measured(scores.loss(), Calibration.of(scores));
    }
  }
}
