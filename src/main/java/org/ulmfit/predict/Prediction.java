package org.ulmfit.predict;

import java.util.Map;

/**
 * What a classifier says of one text.
 *
 * @param label the most probable one
 * @param probability of that label
 * @param probabilities by label, in the model's label order; they sum to 1
 * @param logits before the softmax, in the same order
 */
public record Prediction(
    String label, double probability, Map<String, Double> probabilities, float[] logits) {}
