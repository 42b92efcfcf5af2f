package org.ulmfit.train;

import org.jspecify.annotations.Nullable;

/**
 * A pass over held-out data.
 *
 * @param loss mean cross-entropy, nats, weighted by items
 * @param accuracy share of arg-max hits
 * @param macroF1 of a classifier; null for a language model
 * @param items tokens for a language model, documents for a classifier
 */
public record Evaluation(double loss, double accuracy, @Nullable Double macroF1, long items) {

  /** Of a language model. */
  public Evaluation(double loss, double accuracy, long items) {
    this(loss, accuracy, null, items);
  }
}
