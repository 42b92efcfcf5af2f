package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * The dropout masks of one forward call: keep-masks already scaled by 1 / (1 - p).
 *
 * @param rows embedding rows (V, 1)
 * @param inputs locked masks on the input of each layer, (1, batch, features): the input dropout
 *     first, then the hidden dropouts
 * @param weights hidden-to-hidden masks (4H, H), one per layer
 */
public record Masks(NDArray rows, NDList inputs, NDList weights) {

  /** Probabilities of the five dropouts of the AWD-LSTM (output: before the decoder). */
  public record Rates(double input, double embedding, double weight, double hidden, double output) {

    /** No dropout at all. */
    public static final Rates NONE = new Rates(0, 0, 0, 0, 0);

    /** Every probability times {@code dropMult}. */
    public Rates times(double dropMult) {
      return new Rates(
          input * dropMult,
          embedding * dropMult,
          weight * dropMult,
          hidden * dropMult,
          output * dropMult);
    }
  }

  /** Draws the masks of one call from the engine's generator. */
  static Masks draw(Kernels kernels, NDManager step, AwdLstm.Sizes sizes, Rates rates, int batch) {
    return new Masks(
            EmbeddingDropout.mask(kernels, step, sizes.vocabulary(), rates.embedding()), null, null)
        .withLayers(kernels, step, sizes, rates, batch);
  }

  /** New layer masks beside the same embedding rows. */
  Masks withLayers(Kernels kernels, NDManager step, AwdLstm.Sizes sizes, Rates rates, int batch) {
    NDList inputs = new NDList();
    NDList weights = new NDList();
    for (int layer = 0; layer < sizes.layers(); layer++) {
      double p = layer == 0 ? rates.input() : rates.hidden();
      inputs.add(LockedDropout.mask(kernels, step, batch, sizes.in(layer), p));
      weights.add(WeightDrop.mask(kernels, step, sizes.out(layer), rates.weight()));
    }
    return new Masks(rows, inputs, weights);
  }

  static NDArray draw(Kernels kernels, NDManager step, Shape shape, double p) {
    try (NDArray mask = step.create(shape);
        NDArray probability = step.create((float) p)) {
      return kernels.one(step, "dropout_mask", mask, probability);
    }
  }
}
