package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.ulmfit.io.Safetensors;

/**
 * A language model that only reads, in float32: what it expects after the tokens so far. One text
 * at a time.
 */
public final class NextWord implements AutoCloseable {
  private static final String ENCODER = "0.";
  private static final String BIAS = "1.decoder.bias";

  private final NDManager manager;
  private final InferenceEncoder encoder;
  private final NDArray weight; // (E, V), of the embedding
  private final NDArray bias; // (V)
  private AwdLstm.State state;

  private NextWord(NDManager manager, InferenceEncoder encoder, NDArray weight, NDArray bias) {
    this.manager = manager;
    this.encoder = encoder;
    this.weight = weight;
    this.bias = bias;
    this.state = AwdLstm.zeroState(manager, encoder.sizes(), 1);
  }

  /**
   * Opens a stored language model.
   *
   * @param kernels in float32
   * @throws org.ulmfit.UlmfitException (bad model) if a tensor is missing or has another shape
   */
  public static NextWord open(
      NDManager parent, Kernels kernels, AwdLstm.Sizes sizes, Safetensors.Reader file) {
    if (kernels.arithmetic() != Kernels.Arithmetic.FLOAT32) {
      throw new IllegalArgumentException("kernels in " + kernels.arithmetic());
    }
    NDManager manager = parent.newSubManager();
    long words = sizes.vocabulary();
    NDArray bias =
        file.contains(BIAS)
            ? Tensors.mapped(manager, file, BIAS, words)
            : manager.zeros(new Shape(words));
    NDArray weight =
        Tensors.mapped(manager, file, ENCODER + AwdLstm.TABLE, words, sizes.embedding());
    InferenceEncoder encoder = InferenceEncoder.open(manager, kernels, sizes, file, ENCODER);
    return new NextWord(manager, encoder, weight.transpose(), bias);
  }

  /**
   * Reads on.
   *
   * @param ids at least one
   * @return logits of the word after the last (V)
   */
  public float[] after(int... ids) {
    long[] column = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      column[i] = ids[i];
    }
    return Kernels.withoutRecording(() -> read(column));
  }

  private float[] read(long[] column) {
    try (NDManager step = manager.newSubManager()) {
      NDArray ids = step.create(column, new Shape(column.length, 1));
      AwdLstm.Output out = encoder.read(step, ids, state);
      state.close();
      state = out.state().attach(manager);
      NDArray last = out.top().get(column.length - 1); // (1, E)
      return last.matMul(weight).add(bias).toFloatArray(); // (1, V)
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
