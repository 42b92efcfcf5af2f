package org.ulmfit.classifier;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.config.Recipe;
import org.ulmfit.model.Tempering;
import org.ulmfit.prepare.PreparedClassifier;
import org.ulmfit.train.Calibration;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Scores;
import org.ulmfit.train.TemperatureGain;
import org.ulmfit.vocab.TokenStore;

/**
 * What came of a classifier.
 *
 * @param model its folder
 * @param valid of the model that was saved
 * @param gain what its temperature is and does; empty: it has none
 * @param output what its logits mean, with thresholds chosen on the validation rows
 * @param test on the corpus's test split, if it has one
 * @param findings lines worth telling
 * @param savedSeconds of work that it found done by an earlier run
 */
public record ClassifierResult(
    Path model,
    Evaluation valid,
    Optional<TemperatureGain> gain,
    Output output,
    Optional<Scores> test,
    List<String> findings,
    double savedSeconds) {
  private static final String CALIBRATION_ERROR = "expectedCalibrationError";

  /**
   * Chooses a temperature, and thresholds where there are any, and tests.
   *
   * @param folder the model's
   * @param known how it does on the rows that training watched, without a temperature; empty: not
   *     yet known
   */
  static ClassifierResult measured(
      Path folder,
      Inference model,
      PreparedClassifier data,
      Recipe.Classifier settings,
      Optional<Evaluation> known) {
    List<String> findings = new ArrayList<>();
    float[][] logits = Scorer.logits(model, data.valid(), settings);
    TemperatureChoice choice = choice(logits, data, settings);
    choice.line().ifPresent(findings::add);
    float[][] divided = Tempering.divided(logits, choice.temperature());
    Scorer.Fitted fitted = Scorer.fit(divided, data.valid(), data.labels(), data.labelling());
    if (data.labelling() == Labelling.MULTI) {
      findings.addAll(ThresholdFindings.of(fitted.output().thresholds(), fitted.scores()));
    }
    Optional<Tested> tested =
        Optional.ofNullable(data.test())
            .map(
                store ->
                    Tested.of(
                        Scorer.logits(model, store, settings),
                        choice.temperature(),
                        store,
                        data.labels(),
                        fitted.output()));
    Evaluation valid =
        choice.temperature() == 1 && known.isPresent()
            ? known.get()
            : tested
                .filter(test -> known.isPresent() && NeuralTraining.isByTest(settings))
                .map(Tested::scores)
                .orElse(fitted.scores())
                .evaluation();
    return new ClassifierResult(
        folder,
        valid,
        choice.gain(tested.map(Tested::change)),
        fitted.output(),
        tested.map(Tested::scores),
        List.copyOf(findings),
        0);
  }

  /** A temperature that test rows have no part in. */
  private static TemperatureChoice choice(
      float[][] logits, PreparedClassifier data, Recipe.Classifier settings) {
    if (!settings.calibrate()) {
      return TemperatureChoice.notAsked();
    }
    return isSame(data.valid(), data.test())
        ? TemperatureChoice.ofTestRows()
        : TemperatureChoice.of(logits, data.valid(), data.labels(), data.labelling());
  }

  /** Whether the rows are the same, as they are in the lesson. */
  private static boolean isSame(TokenStore valid, @Nullable TokenStore test) {
    return test != null
        && valid.size() == test.size()
        && IntStream.range(0, valid.size())
            .allMatch(
                d -> valid.id(d).equals(test.id(d)) && Arrays.equals(valid.ids(d), test.ids(d)));
  }

  /** Test rows as the saved model answers them, and what its temperature did to that. */
  private record Tested(Scores scores, TemperatureGain.Change change) {

    static Tested of(
        float[][] logits,
        double temperature,
        TokenStore store,
        List<String> labels,
        Output output) {
      Scores before = Scorer.scores("test", logits, store, labels, output);
      float[][] divided = Tempering.divided(logits, temperature);
      Scores scores = Scorer.scores("test", divided, store, labels, output);
      return new Tested(scores, TemperatureGain.Change.of(before, scores));
    }
  }

  /** The same, of which an earlier run had done so many seconds' work. */
  ClassifierResult saved(double seconds) {
    return new ClassifierResult(model, valid, gain, output, test, findings, seconds);
  }

  /** What the saved model divides its logits by; null: it does not. */
  @Nullable Double temperature() {
    return gain.map(TemperatureGain::temperature).orElse(null);
  }

  /**
   * Figures by the names of {@link Scores#figures}, of validation and test, and the expected
   * calibration error; of a model with a temperature, those of probabilities without it, too.
   *
   * @param setAside whether the validation rows are others than those it trained on
   */
  Map<String, Object> metrics(boolean setAside) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    boolean single = output.labelling() == Labelling.SINGLE;
    String loss = single ? "logLoss" : "loss";
    if (setAside) {
      metrics.put(single ? "valid.accuracy" : "valid.subsetAccuracy", valid.accuracy());
      metrics.put("valid.macroF1", Objects.requireNonNull(valid.macroF1()));
      metrics.put("valid." + loss, valid.loss());
      metrics.put("valid.documents", valid.items());
    }
    test.ifPresent(
        scores -> {
          scores.figures().forEach((name, value) -> metrics.put("test." + name, value));
          metrics.put("test." + CALIBRATION_ERROR, Calibration.of(scores).error());
          metrics.put("test.documents", scores.rows());
        });
    gain.ifPresent(
        own -> {
          metrics.put("temperature", own.temperature());
          put(metrics, "valid.heldOut.", loss, own.heldOut());
          if (own.test() != null) {
            put(metrics, "test.", loss, own.test());
          }
        });
    return metrics;
  }

  private static void put(
      Map<String, Object> metrics, String rows, String loss, TemperatureGain.Change change) {
    metrics.put(rows + loss, change.after().loss());
    metrics.put(rows + CALIBRATION_ERROR, change.after().calibration().error());
    metrics.put(rows + "uncalibrated." + loss, change.before().loss());
    metrics.put(rows + "uncalibrated." + CALIBRATION_ERROR, change.before().calibration().error());
  }
}
