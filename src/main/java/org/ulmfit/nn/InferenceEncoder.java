package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.ulmfit.io.Safetensors;

/**
 * An encoder that only reads: its LSTM weights are cast to the kernels' arithmetic once and laid
 * out as oneDNN computes with them, where {@link AwdLstm#evaluate} does both at every call.
 * Thread-safe on threads that do not record.
 */
public final class InferenceEncoder implements AutoCloseable {

  private final Kernels kernels;
  private final NDManager manager;
  private final AwdLstm.Sizes sizes;
  private final boolean packed;
  private final NDArray table;
  private final List<NDArray[]> layers = new ArrayList<>();

  private interface Source {
    /** One tensor, float32, valid as long as {@code owner}. */
    NDArray of(NDManager owner, String name, long... shape);
  }

  private InferenceEncoder(
      NDManager parent, Kernels kernels, AwdLstm.Sizes sizes, boolean packed, Source weights) {
    this.kernels = kernels;
    this.manager = parent.newSubManager();
    this.sizes = sizes;
    this.packed = packed;
    this.table = weights.of(manager, AwdLstm.TABLE, sizes.vocabulary(), sizes.embedding());
    try (NDManager packing = parent.newSubManager()) {
      NDManager scratch = packed ? packing : manager; // what is not packed is still used
      for (int l = 0; l < sizes.layers(); l++) {
        long gates = 4L * sizes.out(l);
        NDArray[] layer = {
          weights.of(scratch, AwdLstm.name(l, 0), gates, sizes.in(l)),
          weights.of(scratch, AwdLstm.name(l, 1), gates, sizes.out(l)),
          weights.of(scratch, AwdLstm.name(l, 2), gates),
          weights.of(scratch, AwdLstm.name(l, 3), gates)
        };
        layers.add(Kernels.withoutRecording(() -> laidOut(layer)));
      }
    }
  }

  private NDArray[] laidOut(NDArray... layer) {
    if (packed) {
      return kernels.call(manager, "lstm_pack", layer).toArray(NDArray[]::new);
    }
    NDArray[] cast = new NDArray[layer.length];
    for (int k = 0; k < cast.length; k++) {
      cast[k] = kernels.one(manager, "to_compute", layer[k]);
    }
    return cast;
  }

  /** The weights an encoder has now; its table is shared, not copied. */
  public static InferenceEncoder of(NDManager parent, AwdLstm encoder) {
    return of(parent, encoder, encoder.kernels().packs());
  }

  static InferenceEncoder of(NDManager parent, AwdLstm encoder, boolean packed) {
    List<Parameter> all = encoder.parameters();
    Source live =
        (owner, name, shape) ->
            all.stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow().value();
    return new InferenceEncoder(parent, encoder.kernels(), encoder.sizes(), packed, live);
  }

  /**
   * Opens stored weights. The table stays mapped: only the rows that are looked up are ever read.
   *
   * @param prefix before the names of the encoder's tensors
   * @throws org.ulmfit.UlmfitException (bad model) if a tensor is missing or has another shape
   */
  public static InferenceEncoder open(
      NDManager parent,
      Kernels kernels,
      AwdLstm.Sizes sizes,
      Safetensors.Reader file,
      String prefix) {
    Source stored = (owner, name, shape) -> Tensors.mapped(owner, file, prefix + name, shape);
    return new InferenceEncoder(parent, kernels, sizes, kernels.packs(), stored);
  }

  AwdLstm.Sizes sizes() {
    return sizes;
  }

  Kernels kernels() {
    return kernels;
  }

  /**
   * Reads on.
   *
   * @param ids (time, n): the first n rows of the state; the others have ended
   * @return top output (time, n, embedding) and the state of the n rows, in the kernels' arithmetic
   */
  AwdLstm.Output read(NDManager step, NDArray ids, AwdLstm.State state) {
    String kernel = packed ? "lstm_read_packed" : "lstm_read";
    NDArray y = kernels.one(step, "embed_plain", table, ids); // (time, n, emb)
    NDList h = new NDList();
    NDList c = new NDList();
    for (int l = 0; l < layers.size(); l++) {
      NDArray[] w = layers.get(l);
      NDList r =
          kernels.call(step, kernel, y, state.h().get(l), state.c().get(l), w[0], w[1], w[2], w[3]);
      y.close();
      y = r.get(0); // (time, n, out)
      h.add(r.get(1)); // (1, n, out)
      c.add(r.get(2));
    }
    return new AwdLstm.Output(y, new AwdLstm.State(h, c));
  }

  @Override
  public void close() {
    manager.close();
  }
}
