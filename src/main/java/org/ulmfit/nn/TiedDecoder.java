package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/**
 * The softmax decoder whose weight is the embedding matrix (Inan et al. 2017; Press and Wolf 2017),
 * computed in chunks of rows with its gradient by hand, so that the (rows, V) matrices of a whole
 * batch never exist.
 */
public final class TiedDecoder implements AutoCloseable {

  private final AwdLstm encoder;
  private final NDManager manager;
  private final Parameter bias;
  private final boolean hasBias;
  private final int chunkRows;

  /**
   * @param hasBias without, the bias stays zero and is neither trained nor saved (fastai 0.7)
   * @param chunkRows rows (time steps times batch) of a chunk
   */
  public TiedDecoder(NDManager parent, AwdLstm encoder, boolean hasBias, int chunkRows) {
    this.encoder = encoder;
    this.manager = parent.newSubManager();
    NDArray zeros = manager.zeros(new Shape(encoder.sizes().vocabulary())); // (V)
    this.bias = new Parameter("decoder.bias", zeros, true, false);
    this.hasBias = hasBias;
    this.chunkRows = chunkRows;
    if (!hasBias) {
      bias.trainable(true); // its gradient buffer is written, never read
    }
  }

  public boolean hasBias() {
    return hasBias;
  }

  /** The bias (V); zeros where the model has none. */
  public Parameter bias() {
    return bias;
  }

  /** Summed loss, mean gradient with respect to the input. */
  public record Loss(double mean, NDArray inputGradient) {}

  /**
   * Mean cross-entropy of h (rows, E) against targets (rows); adds the gradients of the embedding
   * and the bias to their buffers. No graph.
   */
  public Loss lossAndGradients(NDManager step, NDArray h, NDArray targets) {
    boolean was = Kernels.recording(false);
    try (NDManager local = step.newSubManager()) {
      Kernels kernels = encoder.kernels();
      NDArray w = kernels.one(local, "to_compute", encoder.embedding().value()); // (V, E)
      NDArray b = kernels.one(local, "to_compute", bias.value()); // (V)
      long rows = h.getShape().get(0);
      NDArray share = local.create(1f / rows);
      NDList gradients = new NDList();
      NDArray sum = null;
      for (long from = 0; from < rows; from += chunkRows) {
        NDIndex range = new NDIndex("{}:{}", from, Math.min(rows, from + chunkRows));
        NDArray part = slice(local, h, range); // (chunk, emb)
        NDArray aim = slice(local, targets, range); // (chunk)
        NDList r =
            kernels.call(
                local,
                "decode",
                part,
                w,
                b,
                aim,
                encoder.embedding().buffer(),
                bias.buffer(),
                share);
        gradients.add(r.get(1));
        sum = sum == null ? r.get(0) : sum.addi(r.get(0));
      }
      NDArray inputGradient = NDArrays.concat(gradients); // (rows, emb)
      inputGradient.attach(step);
      return new Loss(sum.getFloat() / (double) rows, inputGradient);
    } finally {
      Kernels.recording(was);
    }
  }

  /** Sum of losses and number of arg-max hits over rows. */
  public record Score(double lossSum, long hits, long rows) {

    public Score plus(Score other) {
      return new Score(lossSum + other.lossSum, hits + other.hits, rows + other.rows);
    }
  }

  /** Full-softmax loss and accuracy of h (rows, E) in evaluation. */
  public Score score(NDManager step, NDArray h, NDArray targets) {
    try (NDManager local = step.newSubManager()) {
      Kernels kernels = encoder.kernels();
      NDArray w = kernels.one(local, "to_compute", encoder.embedding().value()); // (V, E)
      NDArray b = kernels.one(local, "to_compute", bias.value()); // (V)
      long rows = h.getShape().get(0);
      double loss = 0;
      long hits = 0;
      for (long from = 0; from < rows; from += chunkRows) {
        NDIndex range = new NDIndex("{}:{}", from, Math.min(rows, from + chunkRows));
        try (NDManager chunk = local.newSubManager()) {
          NDArray part = slice(chunk, h, range); // (chunk, emb)
          NDArray aim = slice(chunk, targets, range); // (chunk)
          NDList r = kernels.call(chunk, "decode_eval", part, w, b, aim);
          loss += r.get(0).getFloat();
          hits += r.get(1).getLong();
        }
      }
      return new Score(loss, hits, rows);
    }
  }

  /** Logits (rows, V) of h (rows, E): for tests and generation, not for training. */
  public NDArray logits(NDManager step, NDArray h) {
    return encoder.kernels().one(step, "logits", h, computeWeight(step), computeBias(step));
  }

  private NDArray computeWeight(NDManager step) {
    return encoder.kernels().one(step, "to_compute", encoder.embedding().value());
  }

  private NDArray computeBias(NDManager step) {
    return encoder.kernels().one(step, "to_compute", bias.value());
  }

  private static NDArray slice(NDManager owner, NDArray array, NDIndex range) {
    NDArray part = array.get(range);
    part.attach(owner);
    return part;
  }

  @Override
  public void close() {
    manager.close();
  }
}
