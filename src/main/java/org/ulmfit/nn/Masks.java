package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.IntPredicate;

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

  /**
   * Draws the masks of one call from the engine's generator.
   *
   * @param drops whether a layer group drops out: 0 the embedding, its rows; 1 + l layer l, its
   *     input and its weights
   */
  static Masks draw(
      Kernels kernels,
      NDManager step,
      AwdLstm.Sizes sizes,
      Rates rates,
      int batch,
      IntPredicate drops) {
    double p = drops.test(0) ? rates.embedding() : 0;
    NDArray rows = EmbeddingDropout.mask(kernels, step, sizes.vocabulary(), p);
    NDList inputs = new NDList();
    NDList weights = new NDList();
    for (int layer = 0; layer < sizes.layers(); layer++) {
      Rates own = drops.test(1 + layer) ? rates : Rates.NONE;
      double input = layer == 0 ? own.input() : own.hidden();
      inputs.add(LockedDropout.mask(kernels, step, batch, sizes.in(layer), input));
      weights.add(WeightDrop.mask(kernels, step, sizes.out(layer), own.weight()));
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
