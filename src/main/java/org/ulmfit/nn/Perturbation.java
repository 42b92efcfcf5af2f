package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.jspecify.annotations.Nullable;

/**
 * How a batch is read by a network in training.
 *
 * @param moves what is added to the embedded words of each part of the documents that keeps a
 *     graph, first to last (steps, rows, E); null: nothing
 * @param inputs whether the embedded words get gradients, even where their table is frozen
 * @param statistics whether the running statistics of batch norms take the batch in
 */
public record Perturbation(@Nullable NDList moves, boolean inputs, boolean statistics) {

  /** As training does. */
  public static final Perturbation NONE = new Perturbation(null, false, true);

  /**
   * A part of the documents as it was read.
   *
   * @param x embedded words, moved (steps, rows, E)
   * @param valid 1 where a step is pooled, so that it has a gradient (steps, rows, 1)
   */
  public record Part(NDArray x, NDArray valid) {}
}
