package org.ulmfit.classifier;

/**
 * What a document's tokens add to a {@link Target}.
 *
 * @param tokens (tokens), in the target's unit; 0 of those that are not read
 * @param whole the target of the document less that of the baseline, which the tokens' sum is to be
 * @param baseline logits (classes) of the document whose words say nothing
 */
public record Attribution(double[] tokens, double whole, float[] baseline) {}
