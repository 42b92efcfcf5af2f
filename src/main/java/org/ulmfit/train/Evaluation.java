package org.ulmfit.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A pass over held-out data.
 *
 * @param loss mean cross-entropy, nats, weighted by items; binary cross-entropy with several labels
 *     a document
 * @param accuracy share of arg-max hits; with several labels a document, of documents whose labels
 *     are all right (subset accuracy)
 * @param macroF1 of a classifier, see {@link Scores#figures}; null: of a language model
 * @param items tokens for a language model, documents for a classifier
 */
public record Evaluation(
    double loss,
    double accuracy,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double macroF1,
    long items) {}
