package org.ulmfit.classifier;

import java.util.function.LongConsumer;
import org.ulmfit.UlmfitException;
import org.ulmfit.model.Reading;

/**
 * A classifier that only answers: token ids in, logits out. Thread-safe; no state outlives a call.
 * Logits are those that it was trained to give, not yet divided by the model's temperature.
 */
public interface Inference extends AutoCloseable {

  /**
   * How documents are put together where that matters to the answers, if only in small.
   *
   * @param rows documents of a batch at most
   * @param maxTokens rows times longest document of a batch at most; 0 = no bound
   * @param ascending whether the shortest are read first
   */
  record Batching(int rows, int maxTokens, boolean ascending) {}

  /** Logits (documents, classes) in the order given. */
  float[][] logits(int[][] ids);

  /**
   * Logits (documents, classes) in the order given.
   *
   * @param ids tokens of each document
   * @param done told the tokens answered so far, after each batch
   */
  float[][] logits(int[][] ids, Batching batching, LongConsumer done);

  /**
   * What the last layers read of documents: a vector of each (documents, width), in the order
   * given.
   *
   * @throws UlmfitException (usage) if the family makes none
   */
  default float[][] vectors(int[][] ids) {
    throw UlmfitException.usage(
        "this family answers by the n-grams of a text and makes no vector of it; take a network");
  }

  /** The batching in which the saved model is measured. */
  Batching measuring(Reading reading);

  @Override
  void close();
}
