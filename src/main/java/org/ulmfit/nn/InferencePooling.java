package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.ulmfit.nn.DocumentEncoder.Batch;
import org.ulmfit.nn.DocumentEncoder.Layout;

/**
 * Reads documents for inference and pools the steps that {@link DocumentEncoder} pools in training.
 * Without dropout and gradients the chunks of bptt steps only say which steps are pooled; the text
 * is read in pieces as long as memory allows, pooled piece by piece, and rows that have ended are
 * left out (masked layout). Thread-safe on threads that do not record.
 */
public final class InferencePooling {

  /** Tokens of one piece at most: oneDNN keeps its four gates in float32, 150 MB at 1,150 units. */
  private static final int PIECE_TOKENS = 8192;

  /** oneDNN prepares (1 ms, 0.3 MB) and keeps a kernel for every shape; so there are not many. */
  private static final int LONGEST_PIECE = 256;

  private static final int SHORTEST_PIECE = 32;

  private final InferenceEncoder encoder;
  private final Layout layout;
  private final int bptt;
  private final int maxLength;

  public InferencePooling(InferenceEncoder encoder, Layout layout, int bptt, int maxLength) {
    this.encoder = encoder;
    this.layout = layout;
    this.bptt = bptt;
    this.maxLength = maxLength;
  }

  /**
   * Pooled features [last, max, mean] (rows, 3E), float32.
   *
   * @param batch best with the longest rows first, so that ended rows can be left out
   */
  public NDArray pooled(NDManager step, Batch batch) {
    Pooled pooled = Pooled.of(batch, layout, bptt, maxLength);
    int firstPooled = pooled.first();
    Shape shape = new Shape(batch.rows(), encoder.sizes().embedding());
    NDArray last = step.zeros(shape); // (rows, emb)
    NDArray most = step.full(shape, -3e38f);
    NDArray total = step.zeros(shape);
    AwdLstm.State state = AwdLstm.zeroState(step, encoder.sizes(), batch.rows());
    for (int from = 0; from < batch.time(); ) {
      int rows = layout == Layout.LESSON ? batch.rows() : batch.reading(from);
      int to = pieceEnd(pooled.to(), from, rows);
      try (NDManager piece = step.newSubManager()) {
        AwdLstm.Output out = encoder.read(piece, batch.ids(piece, from, to, rows), state);
        state.close();
        state = out.state().attach(step);
        if (to > firstPooled) {
          pool(piece, new NDArray[] {last, most, total}, out.top(), pooled, from);
        }
      }
      from = to;
    }
    NDArray steps = step.create(pooled.counts(), new Shape(batch.rows(), 1)); // (rows, 1)
    return encoder.kernels().one(step, "pool_whole", last, most, total, steps);
  }

  /** Where a piece ends: with the first row that does, if it would not be too short. */
  private static int pieceEnd(int[] ends, int from, int rows) {
    int most = Math.max(1, Math.min(LONGEST_PIECE, PIECE_TOKENS / rows));
    int longest = from + 1;
    int firstEnd = Integer.MAX_VALUE;
    for (int row = 0; row < rows; row++) {
      longest = Math.max(longest, ends[row]);
      firstEnd = ends[row] > from ? Math.min(firstEnd, ends[row]) : firstEnd;
    }
    int wanted = Math.max(from + SHORTEST_PIECE, firstEnd);
    int cut = from + Batch.filled(wanted - from);
    return Math.min(Math.min(cut, longest), from + most);
  }

  /** Adds the top output (time, n, emb) of the steps from {@code from} on. */
  private void pool(NDManager piece, NDArray[] sums, NDArray top, Pooled pooled, int from) {
    int steps = Math.toIntExact(top.getShape().get(0));
    int rows = Math.toIntExact(top.getShape().get(1));
    long[] last = pooled.last(from);
    long[] at = new long[rows];
    float[] ends = new float[rows];
    for (int row = 0; row < rows; row++) {
      if (last[row] >= 0 && last[row] < steps) {
        at[row] = last[row];
        ends[row] = 1;
      }
    }
    encoder
        .kernels()
        .call(
            piece,
            "pool_part",
            sums[0],
            sums[1],
            sums[2],
            top,
            piece.create(pooled.mask(from, steps, rows), new Shape(steps, rows, 1)),
            piece.create(at),
            piece.create(ends, new Shape(rows, 1)));
  }
}
