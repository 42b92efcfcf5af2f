package org.ulmfit.classifier;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.ulmfit.Labelling;
import org.ulmfit.config.Recipe;
import org.ulmfit.prepare.PreparedClassifier;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Scores;

/**
 * What came of a classifier.
 *
 * @param model its folder
 * @param valid of the model that was saved
 * @param output what its logits mean, with thresholds chosen on the validation rows
 * @param test on the corpus's test split, if it has one
 * @param findings lines worth telling
 * @param savedSeconds of work that it found done by an earlier run
 */
public record ClassifierResult(
    Path model,
    Evaluation valid,
    Output output,
    Optional<Scores> test,
    List<String> findings,
    double savedSeconds) {

  /**
   * Chooses thresholds where there are any, and tests.
   *
   * @param folder the model's
   * @param known how it does on the validation rows; empty: not yet known
   */
  static ClassifierResult measured(
      Path folder,
      Inference model,
      PreparedClassifier data,
      Recipe.Classifier settings,
      Optional<Evaluation> known) {
    Output output = Output.of(data.labelling(), data.labels().size());
    List<String> findings = List.of();
    Evaluation valid;
    if (data.labelling() == Labelling.SINGLE && known.isPresent()) {
      valid = known.get();
    } else {
      Scorer.Fitted fitted =
          Scorer.fit(model, data.valid(), data.labels(), data.labelling(), settings);
      output = fitted.output();
      valid = known.orElseGet(() -> fitted.scores().evaluation());
      if (data.labelling() == Labelling.MULTI) {
        findings = ThresholdFindings.of(output.thresholds(), fitted.scores());
      }
    }
    Output answering = output;
    Optional<Scores> test =
        Optional.ofNullable(data.test())
            .map(store -> Scorer.score("test", model, store, data.labels(), answering, settings));
    return new ClassifierResult(folder, valid, output, test, findings, 0);
  }

  /** The same, of which an earlier run had done so many seconds' work. */
  ClassifierResult saved(double seconds) {
    return new ClassifierResult(model, valid, output, test, findings, seconds);
  }

  /** Figures by the names of {@link Scores#figures}, of validation and test. */
  Map<String, Object> metrics() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    boolean single = output.labelling() == Labelling.SINGLE;
    metrics.put(single ? "valid.accuracy" : "valid.subsetAccuracy", valid.accuracy());
    metrics.put("valid.macroF1", Objects.requireNonNull(valid.macroF1()));
    metrics.put(single ? "valid.logLoss" : "valid.loss", valid.loss());
    metrics.put("valid.documents", valid.items());
    test.ifPresent(
        scores -> {
          scores.figures().forEach((name, value) -> metrics.put("test." + name, value));
          metrics.put("test.documents", scores.rows());
        });
    return metrics;
  }
}
