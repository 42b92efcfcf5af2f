package org.ulmfit.predict;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a classifier says of one text.
 *
 * @param labels the answer, most probable first; one label for a classifier that gives one
 * @param probabilities by label, in the model's label order
 * @param logits what the probabilities were made of, in the same order
 */
public record Prediction(List<String> labels, Map<String, Double> probabilities, float[] logits) {

  /** The most probable label. */
  public String label() {
    return labels.get(0);
  }

  /** Its probability. */
  public double probability() {
    return Objects.requireNonNull(probabilities.get(label()));
  }
}
