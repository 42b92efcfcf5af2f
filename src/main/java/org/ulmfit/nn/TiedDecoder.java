package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The softmax decoder whose weight is the embedding matrix (Inan et al. 2017; Press and Wolf 2017),
 * computed in chunks of rows with its gradient by hand, so that the (rows, V) matrices of a whole
 * batch never exist.
 */
public final class TiedDecoder implements AutoCloseable {

  private final AwdLstm encoder;
  private final Kernels kernels;
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
    this.kernels = encoder.kernels();
    this.manager = parent.newSubManager();
    NDArray zeros = manager.zeros(new Shape(encoder.sizes().vocabulary())); // (V)
    this.bias = new Parameter("decoder.bias", zeros, true, true);
    this.hasBias = hasBias;
    this.chunkRows = chunkRows;
    if (!hasBias) {
      bias.trainable(true); // its gradient buffer is written, never read
    }
  }

  /**
   * Rows of a chunk that are fast without much memory. In float32 560 rows of 60,002 words were the
   * fastest of 280 to 4,480; in bfloat16 a chunk's softmax has half the size, the weights are
   * repacked for every chunk, and 4,480 rows were the fastest.
   */
  public static int chunkRows(Kernels.Arithmetic arithmetic, long vocabulary) {
    long logits = arithmetic == Kernels.Arithmetic.FLOAT32 ? 33_600_000 : 270_000_000;
    return (int) Math.max(64, Math.min(65_536, logits / vocabulary));
  }

  public boolean hasBias() {
    return hasBias;
  }

  /** The bias (V); zeros where the model has none. */
  public Parameter bias() {
    return bias;
  }

  /** Mean loss per row in nats, and its gradient with respect to the input. */
  public record Loss(double mean, NDArray inputGradient) {}

  /**
   * Mean cross-entropy of h (rows, E) against targets (rows); adds the gradients of the embedding
   * and the bias to their buffers. No graph.
   */
  public Loss lossAndGradients(NDManager step, NDArray h, NDArray targets) {
    return Kernels.withoutRecording(() -> decoded(step, h, targets));
  }

  private Loss decoded(NDManager step, NDArray h, NDArray targets) {
    try (NDManager local = step.newSubManager()) {
      NDArray tiles = tiles(local); // (V', E')
      boolean summed = kernels.arithmetic() == Kernels.Arithmetic.FLOAT32;
      NDArray sums = summed ? local.zeros(tiles.getShape()) : null; // (V', E')
      NDArray w = encoder.embedding().value(); // (V, E)
      NDArray dw = encoder.embedding().buffer(); // (V, E)
      NDArray db = bias.buffer(); // (V)
      long rows = h.getShape().get(0);
      NDArray share = local.create(1f / rows);
      NDList gradients = new NDList();
      double sum = 0;
      for (NDIndex range : chunks(rows, chunkRows)) {
        NDArray part = slice(local, h, range); // (chunk, emb)
        NDArray aim = slice(local, targets, range); // (chunk)
        NDArray row = rows(local, part, aim, tiles); // (chunk, E')
        NDList r =
            sums != null
                ? kernels.call(local, "decode_sums", row, tiles, aim, w, sums, share)
                : kernels.call(local, "decode_tiles", row, tiles, aim, dw, db, share);
        sum += r.get(0).getFloat();
        gradients.add(r.get(1));
      }
      if (sums != null) {
        kernels.call(local, "decoder_add", dw, db, sums);
      }
      NDArray inputGradient = NDArrays.concat(gradients); // (rows, emb)
      inputGradient.attach(step);
      return new Loss(sum / rows, inputGradient);
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
      NDArray tiles = tiles(local); // (V', E')
      long rows = h.getShape().get(0);
      double loss = 0;
      long hits = 0;
      for (NDIndex range : chunks(rows, scoredRows())) {
        try (NDManager chunk = local.newSubManager()) {
          NDArray part = slice(chunk, h, range); // (chunk, emb)
          NDArray aim = slice(chunk, targets, range); // (chunk)
          NDArray row = rows(chunk, part, aim, tiles); // (chunk, E')
          NDList r = kernels.call(chunk, "decode_tiles_eval", row, tiles, aim);
          loss += r.get(0).getFloat();
          hits += r.get(1).getLong();
        }
      }
      return new Score(loss, hits, rows);
    }
  }

  /**
   * Rows that are scored at once: there are no gradients, so that 2,240 of 60,002 words were the
   * fastest of 280 to 4,480 in either arithmetic.
   */
  private int scoredRows() {
    return kernels.arithmetic() == Kernels.Arithmetic.FLOAT32
        ? 2 * chunkRows
        : Math.max(1, chunkRows / 2);
  }

  /** Weight and bias in the kernels' arithmetic, sizes filled up to whole tiles. (V', E') */
  private NDArray tiles(NDManager local) {
    return kernels.one(local, "decoder_tiles", encoder.embedding().value(), bias.value());
  }

  /** Rows to be multiplied by the tiles: h (R, E) with its targets' logits. (R, E') */
  private NDArray rows(NDManager owner, NDArray h, NDArray targets, NDArray tiles) {
    NDArray w = encoder.embedding().value(); // (V, E)
    return kernels.one(owner, "decoder_rows", h, w, bias.value(), targets, tiles);
  }

  /**
   * Nearly equal parts of at most {@code most} rows, in multiples of eight where that many are
   * allowed: a product's rows are then written in whole vectors.
   */
  static List<NDIndex> chunks(long rows, int most) {
    long parts = Math.max(1, (rows + most - 1) / most);
    long equal = (rows + parts - 1) / parts;
    long filled = (equal + 7) / 8 * 8;
    long part = filled <= most ? filled : equal;
    List<NDIndex> ranges = new ArrayList<>();
    for (long at = 0; at < rows; at += part) {
      ranges.add(new NDIndex("{}:{}", at, Math.min(rows, at + part)));
    }
    return ranges;
  }

  static NDArray slice(NDManager owner, NDArray array, NDIndex range) {
    NDArray part = array.get(range);
    part.attach(owner);
    return part;
  }

  @Override
  public void close() {
    manager.close();
  }
}
