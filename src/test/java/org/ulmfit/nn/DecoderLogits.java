package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** The logits behind the tied softmax, of the kernels that its loss is made of; float32. */
public final class DecoderLogits {

  private DecoderLogits() {}

  /** Logits (R,V) of h (R,E) with the weights w (V,E) and the bias b (V). */
  public static NDArray of(Kernels kernels, NDManager owner, NDArray h, NDArray w, NDArray b) {
    NDArray first = owner.zeros(new Shape(h.getShape().get(0)), DataType.INT64); // (R)
    NDArray tiles = kernels.one(owner, "decoder_tiles", w, b); // (V', E')
    NDArray rows = kernels.one(owner, "decoder_rows", h, w, b, first, tiles); // (R, E')
    NDArray distances = rows.matMul(tiles.transpose()); // from the first word's logit, (R, V')
    NDArray level = h.matMul(w.get(new NDIndex("0:1")).transpose()).add(b.get(0)); // (R, 1)
    return distances.get(new NDIndex(":, 0:{}", w.getShape().get(0))).add(level);
  }

  /** Logits (R,V) of h (R,E). */
  public static NDArray of(NDManager owner, AwdLstm encoder, TiedDecoder decoder, NDArray h) {
    return of(encoder.kernels(), owner, h, encoder.embedding().value(), decoder.bias().value());
  }
}
