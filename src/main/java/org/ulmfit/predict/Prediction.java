package org.ulmfit.predict;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ulmfit.Labelling;

/**
 * What a classifier says of one text.
 *
 * @param labelling how many labels a text has
 * @param labels the answer, most probable first: one label, or those above their thresholds, which
 *     may be none
 * @param probabilities by label, in the model's label order
 * @param logits what the probabilities were made of, in the same order
 */
public record Prediction(
    Labelling labelling, List<String> labels, Map<String, Double> probabilities, float[] logits) {

  /**
   * The most probable label of the answer.
   *
   * @throws IllegalStateException if the answer has none, as it may under several labels
   */
  public String label() {
    if (labels.isEmpty()) {
      throw new IllegalStateException("the answer has no label: ask for labels()");
    }
    return labels.get(0);
  }

  /**
   * The probability of {@link #label}.
   *
   * @throws IllegalStateException if the answer has none
   */
  public double probability() {
    return probability(label());
  }

  /**
   * How sure the answer is: the probability of its label, of several that of the most probable one;
   * of none, what the most probable label lacks of 1.
   */
  public double confidence() {
    if (labels.isEmpty()) {
      return 1 - probabilities.values().stream().mapToDouble(p -> p).max().orElse(0);
    }
    return probability();
  }

  /**
   * How little the text tells the classifier, 0 to 1: the entropy of the probabilities over the
   * greatest they could have; of several labels the mean of each label's.
   */
  public double uncertainty() {
    Collection<Double> all = probabilities.values();
    double entropy = all.stream().mapToDouble(Prediction::part).sum();
    if (labelling == Labelling.SINGLE) {
      return Math.min(1, entropy / Math.log(Math.max(2, all.size())));
    }
    double others = all.stream().mapToDouble(p -> part(1 - p)).sum();
    return Math.min(1, (entropy + others) / (all.size() * Math.log(2)));
  }

  private static double part(double p) {
    return p <= 0 ? 0 : -p * Math.log(p);
  }

  private double probability(String label) {
    return Objects.requireNonNull(probabilities.get(label));
  }
}
