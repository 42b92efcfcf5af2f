package org.ulmfit.predict;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.ulmfit.Labelling;
import org.ulmfit.model.Evidence;
import org.ulmfit.train.Evaluation;

/**
 * How well an ensemble's models do on the rows that its weights were learned on, alone and
 * together.
 *
 * @param labelling how many labels a row has: what the accuracy is
 * @param rows what they are rows of
 * @param members by name, in order
 * @param weights of the members' logits, by name
 * @param mean of the averaged probabilities
 * @param fitted with the weights, on the very rows that they were learned on
 * @param crossFitted each row with weights learned on the others: what to expect of new rows
 * @param folds parts that the rows were cut into for that
 */
public record StackingFigures(
    Labelling labelling,
    String rows,
    Map<String, Evaluation> members,
    Map<String, Double> weights,
    Evaluation mean,
    Evaluation fitted,
    Evaluation crossFitted,
    int folds) {

  /** Figures by name, for {@code metrics.json} and card. */
  Map<String, Object> metrics() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    members.forEach((name, figures) -> put(metrics, "stack." + name, figures));
    put(metrics, "stack.mean", mean);
    put(metrics, "stack.fitted", fitted);
    put(metrics, "stack.crossFitted", crossFitted);
    metrics.put("stack.folds", folds);
    metrics.put("stack.documents", mean.items());
    return metrics;
  }

  /** What to expect of new rows, for the card. */
  Evidence.Result measured() {
    return Evidence.Result.of("cross-fitted", labelling, crossFitted);
  }

  private void put(Map<String, Object> metrics, String name, Evaluation figures) {
    boolean single = labelling == Labelling.SINGLE;
    metrics.put(name + (single ? ".accuracy" : ".subsetAccuracy"), figures.accuracy());
    metrics.put(name + ".macroF1", Objects.requireNonNull(figures.macroF1()));
    metrics.put(name + (single ? ".logLoss" : ".loss"), figures.loss());
  }
}
