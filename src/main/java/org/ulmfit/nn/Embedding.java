package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/** A table of word vectors (V, E) whose gradient is added up by hand: only rows that were read. */
final class Embedding {
  private final Kernels kernels;
  private final Parameter table;

  Embedding(Kernels kernels, String name, NDArray values) {
    this.kernels = kernels;
    this.table = new Parameter(name, values, true, false);
  }

  Parameter table() {
    return table;
  }

  /** The rows of the ids (steps, rows), times the row mask (V, 1): (steps, rows, E); no graph. */
  AwdLstm.Lookup lookup(NDManager step, NDArray ids, NDArray rowMask) {
    NDList r =
        Kernels.withoutRecording(() -> kernels.call(step, "embed", table.value(), rowMask, ids));
    NDArray x = r.get(0); // (steps, rows, emb)
    x.setRequiresGradient(table.trainable());
    return new AwdLstm.Lookup(ids, x, r.get(1));
  }

  /** The rows of the ids (steps), as they are: (steps, E); no graph. */
  NDArray rows(NDManager step, long[] ids) {
    return Kernels.withoutRecording(
        () -> kernels.one(step, "embed_plain", table.value(), step.create(ids)));
  }

  /**
   * Adds the lookup's gradient to the table's.
   *
   * @param padId the row that gets none; -1: all do
   */
  void backward(NDManager step, AwdLstm.Lookup lookup, int padId) {
    if (!table.trainable()) {
      return;
    }
    NDArray gradient = lookup.x().getGradient(); // (steps, rows, emb)
    gradient.attach(step);
    NDArray pad = step.create((long) padId);
    Kernels.withoutRecording(
        () ->
            kernels.call(
                step,
                "embed_backward",
                table.buffer(),
                lookup.ids(),
                gradient,
                lookup.rows(),
                pad));
  }
}
