package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Objects;

/**
 * The tied decoder's loss and gradient over the target and a sample of the other words, for
 * training. The sum over the vocabulary in the softmax's denominator is estimated from words drawn
 * for the whole batch: each logit is lowered by the log of the chance its word had to be drawn, so
 * the estimate of the sum is unbiased (Horvitz and Thompson 1952; Bengio and Senécal 2003), and it
 * is exact when every word is drawn. The target is no part of the sample: it counts once, in full.
 */
public final class SampledDecoder {

  /**
   * Rows of a chunk: with 4,096 words and bfloat16 the operators of 560 rows took 86 ms of a batch
   * of 4,480, those of the whole batch at once 104.
   */
  public static final int CHUNK_ROWS = 560;

  private final AwdLstm encoder;
  private final TiedDecoder full;
  private final int chunkRows;

  /**
   * @param full whose weight and bias are trained
   * @param chunkRows rows (time steps times batch) of a chunk
   */
  public SampledDecoder(AwdLstm encoder, TiedDecoder full, int chunkRows) {
    this.encoder = encoder;
    this.full = full;
    this.chunkRows = chunkRows;
  }

  /**
   * The words of a sample, drawn without replacement.
   *
   * @param ids each at most once
   * @param logChance log of the chance each word had to be among them; at most 0
   */
  public record Negatives(long[] ids, float[] logChance) {}

  /**
   * Mean sampled loss of h (rows, E) against targets (rows), which is no cross-entropy over the
   * vocabulary; adds the gradients of the embedding and the bias to their buffers. No graph.
   */
  public TiedDecoder.Loss lossAndGradients(
      NDManager step, NDArray h, NDArray targets, Negatives negatives) {
    try (NDManager local = step.newSubManager()) {
      return Kernels.withoutRecording(() -> sampled(local, step, h, targets, negatives));
    }
  }

  private TiedDecoder.Loss sampled(
      NDManager local, NDManager step, NDArray h, NDArray targets, Negatives negatives) {
    Kernels kernels = encoder.kernels();
    Parameter embedding = encoder.embedding(); // (V, emb)
    Parameter bias = full.bias(); // (V)
    NDArray ids = local.create(negatives.ids()); // (words)
    NDArray q = local.create(negatives.logChance()); // (words)
    NDList words =
        kernels.call(local, "sampled_words", embedding.value(), bias.value(), ids, q, targets);
    Shape wide = words.get(0).getShape(); // words filled up, emb
    NDArray dw = local.zeros(new Shape(wide.get(1), wide.get(0)));
    NDArray db = local.zeros(words.get(1).getShape());
    long rows = h.getShape().get(0);
    NDList dh = new NDList();
    NDList dTarget = new NDList();
    NDArray sum = null;
    for (NDIndex range : TiedDecoder.chunks(rows, chunkRows)) {
      NDArray part = TiedDecoder.slice(local, h, range); // (chunk, emb)
      NDArray masked = TiedDecoder.slice(local, words.get(2), range); // (chunk, 1)
      NDArray wt = TiedDecoder.slice(local, words.get(3), range); // (chunk, emb)
      NDArray bt = TiedDecoder.slice(local, words.get(4), range); // (chunk)
      NDList r =
          kernels.call(
              local, "sampled_decode", part, words.get(0), words.get(1), masked, wt, bt, dw, db);
      sum = sum == null ? r.get(0) : sum.addi(r.get(0));
      dh.add(r.get(1));
      dTarget.add(r.get(2));
    }
    NDArray g = NDArrays.concat(dTarget); // (rows, 1)
    g.attach(local);
    NDArray share = local.create(1f / rows);
    kernels.call(
        local, "sampled_add", embedding.buffer(), bias.buffer(), ids, dw, db, h, targets, g, share);
    NDArray inputGradient = NDArrays.concat(dh); // (rows, emb)
    inputGradient.attach(step);
    inputGradient.muli(1f / rows);
    // there is a row, and so a sum
    return new TiedDecoder.Loss(
        Objects.requireNonNull(sum).getFloat() / (double) rows, inputGradient);
  }
}
