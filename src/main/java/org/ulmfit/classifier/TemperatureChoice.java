package org.ulmfit.classifier;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.model.Tempering;
import org.ulmfit.ngram.Folds;
import org.ulmfit.ngram.Truth;
import org.ulmfit.train.Scores;
import org.ulmfit.train.Temperature;
import org.ulmfit.train.TemperatureGain;
import org.ulmfit.vocab.TokenStore;

/**
 * Whether a model gets a temperature, which validation rows decide: one half of them chooses, the
 * other measures, both ways round. It is kept if the log loss of all rows measured so falls, and
 * then chosen on all of them.
 *
 * @param temperature 1: none was kept
 * @param heldOut what it did to rows that it was not chosen on; null: none was kept
 * @param line what was decided and why, in words; empty: nobody asked
 */
record TemperatureChoice(
    double temperature, TemperatureGain.@Nullable Change heldOut, Optional<String> line) {

  private static final long HALVES = 0; // the same rows fall into the same halves in every run

  /**
   * Chooses on validation rows.
   *
   * @param logits (rows, classes) at temperature 1
   * @param valid tells the rows' labels
   * @throws UlmfitException (failure) if a logit is not finite
   */
  static TemperatureChoice of(
      float[][] logits, TokenStore valid, List<String> labels, Labelling labelling) {
    int rows = valid.size();
    if (rows < Temperature.FEWEST_ROWS) {
      return none(
          Shown.format(
              "%,d validation rows are too few to choose one, it takes %d",
              rows, Temperature.FEWEST_ROWS));
    }
    Output output = Output.of(labelling, labels.size());
    Scores before = Scorer.scores("valid", logits, valid, labels, output);
    int[][] truth = before.truth();
    OptionalDouble whole = fit(labelling, logits, truth);
    float[][] crossed = crossed(labelling, logits, truth, labels.size());
    if (whole.isEmpty() || crossed == null) {
      return none(
          "validation rows are all answered rightly, or no better than by chance, so none is best");
    }
    Scores after = Scorer.scores("valid", crossed, valid, labels, output);
    TemperatureGain.Change change = TemperatureGain.Change.of(before, after);
    return change.after().loss() < change.before().loss()
        ? kept(whole.getAsDouble(), change)
        : none("another would not help: " + losses(change));
  }

  /** Each row's logits at the temperature of the other half; null: a half has none that is best. */
  private static float @Nullable [][] crossed(
      Labelling labelling, float[][] logits, int[][] truth, int classes) {
    int[] half = Folds.of(new Truth(labelling, classes, truth), 2, HALVES);
    float[][] crossed = new float[logits.length][];
    for (int own = 0; own < 2; own++) {
      int out = own;
      int[] in = IntStream.range(0, half.length).filter(row -> half[row] != out).toArray();
      OptionalDouble temperature =
          fit(
              labelling,
              IntStream.of(in).mapToObj(row -> logits[row]).toArray(float[][]::new),
              IntStream.of(in).mapToObj(row -> truth[row]).toArray(int[][]::new));
      if (temperature.isEmpty()) {
        return null;
      }
      float[][] divided = Tempering.divided(logits, temperature.getAsDouble());
      IntStream.range(0, half.length)
          .filter(row -> half[row] == out)
          .forEach(row -> crossed[row] = divided[row]);
    }
    return crossed;
  }

  private static OptionalDouble fit(Labelling labelling, float[][] logits, int[][] truth) {
    return Temperature.fit(labelling, logits, truth, Tempering.LEAST, Tempering.MOST);
  }

  /** Where the rows that training watched are the test rows, which choose nothing. */
  static TemperatureChoice ofTestRows() {
    return none("the validation rows are the test rows, which choose nothing");
  }

  static TemperatureChoice notAsked() {
    return new TemperatureChoice(1, null, Optional.empty());
  }

  private static TemperatureChoice none(String why) {
    return new TemperatureChoice(1, null, Optional.of("temperature 1: " + why));
  }

  private static TemperatureChoice kept(double temperature, TemperatureGain.Change change) {
    String line =
        Shown.format(
            "temperature %.3f: %s, expected calibration error %.4f -> %.4f",
            temperature,
            losses(change),
            change.before().calibration().error(),
            change.after().calibration().error());
    return new TemperatureChoice(temperature, change, Optional.of(line));
  }

  /** With what it does to the test rows, where there are any; empty: none was kept. */
  Optional<TemperatureGain> gain(Optional<TemperatureGain.Change> test) {
    return Optional.ofNullable(heldOut)
        .map(change -> new TemperatureGain(temperature, change, test.orElse(null)));
  }

  private static String losses(TemperatureGain.Change change) {
    return Shown.format(
        "log loss of validation rows held out %.4f -> %.4f",
        change.before().loss(), change.after().loss());
  }
}
