package org.ulmfit.train;

/**
 * A pass over held-out data.
 *
 * @param loss mean cross-entropy, nats, weighted by items
 * @param accuracy share of arg-max hits
 * @param items tokens for a language model, documents for a classifier
 */
public record Evaluation(double loss, double accuracy, long items) {}
