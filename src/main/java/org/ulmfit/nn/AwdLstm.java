package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The encoder: embedding and stacked one-layer LSTMs with weight drop and locked dropouts. Merity
 * et al. 2017; fastai's AWD_LSTM. Time-major throughout. Gates are stacked i, f, g, o.
 */
public final class AwdLstm implements AutoCloseable {

  /** Sizes; the last layer is as wide as the embedding. */
  public record Sizes(long vocabulary, int embedding, int hidden, int layers) {

    /** Width of a layer's input. */
    public int in(int layer) {
      return layer == 0 ? embedding : hidden;
    }

    /** Width of a layer's output. */
    public int out(int layer) {
      return layer == layers - 1 ? embedding : hidden;
    }
  }

  /** Hidden and cell state (1, batch, H) of every layer, detached from any graph. */
  public record State(NDList h, NDList c) implements AutoCloseable {

    /** Moves the state to another owner. */
    public State attach(NDManager owner) {
      h.attach(owner);
      c.attach(owner);
      return this;
    }

    @Override
    public void close() {
      h.close();
      c.close();
    }
  }

  /** Output (time, batch, embedding) of the top layer, in the kernels' dtype, and the new state. */
  public record Output(NDArray top, State state) {}

  static final String TABLE = "encoder.weight";

  private static final List<String> LAYER_TENSORS =
      List.of("module.weight_ih_l0", "weight_hh_l0_raw", "module.bias_ih_l0", "module.bias_hh_l0");

  private final Kernels kernels;
  private final NDManager manager;
  private final Sizes sizes;
  private final Embedding embedding;
  private final List<List<Parameter>> layers = new ArrayList<>();

  /** An encoder with random weights. */
  public AwdLstm(NDManager parent, Kernels kernels, Sizes sizes) {
    this(parent, kernels, sizes, Weights.RANDOM);
  }

  /**
   * @param weights if random: embedding U(±0.1), LSTMs U(±1/√H) as torch does
   */
  public AwdLstm(NDManager parent, Kernels kernels, Sizes sizes, Weights weights) {
    this.kernels = kernels;
    this.manager = parent.newSubManager();
    this.sizes = sizes;
    NDArray rows = weights.make(manager, 0.1, sizes.vocabulary(), sizes.embedding()); // (V, E)
    embedding = new Embedding(kernels, TABLE, rows);
    for (int l = 0; l < sizes.layers(); l++) {
      int in = sizes.in(l);
      int out = sizes.out(l);
      double bound = 1 / Math.sqrt(out);
      List<NDArray> values =
          List.of(
              weights.make(manager, bound, 4L * out, in),
              weights.make(manager, bound, 4L * out, out),
              weights.make(manager, bound, 4L * out),
              weights.make(manager, bound, 4L * out));
      List<Parameter> layer = new ArrayList<>();
      for (int k = 0; k < values.size(); k++) {
        layer.add(new Parameter(name(l, k), values.get(k), false, false));
      }
      layers.add(layer);
    }
  }

  /** Name of a layer's k-th tensor, in the order of {@link #layer}. */
  static String name(int layer, int k) {
    return "rnns." + layer + "." + LAYER_TENSORS.get(k);
  }

  public Sizes sizes() {
    return sizes;
  }

  Kernels kernels() {
    return kernels;
  }

  /** The embedding (V, E), also the tied decoder's weight. */
  public Parameter embedding() {
    return embedding.table();
  }

  /** Parameters of one LSTM layer: w_ih (4H, in), w_hh (4H, H), b_ih, b_hh (4H). */
  public List<Parameter> layer(int l) {
    return layers.get(l);
  }

  /** All parameters, embedding first. */
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>(List.of(embedding()));
    layers.forEach(all::addAll);
    return all;
  }

  /**
   * Bytes that training keeps of a batch for its gradients.
   *
   * @param tokens rows times steps, padding included
   * @param floatsAUnit numbers of four bytes that a token keeps for each unit of a layer's output
   */
  public long activationBytes(long tokens, double floatsAUnit) {
    long units = IntStream.range(0, sizes.layers()).mapToLong(sizes::out).sum();
    return Math.round(tokens * units * floatsAUnit * Float.BYTES);
  }

  /** A zero state for {@code batch} rows. */
  public State zeroState(NDManager owner, int batch) {
    return zeroState(owner, sizes, batch);
  }

  static State zeroState(NDManager owner, Sizes sizes, int batch) {
    NDList h = new NDList();
    NDList c = new NDList();
    for (int l = 0; l < sizes.layers(); l++) {
      h.add(owner.zeros(new Shape(1, batch, sizes.out(l))));
      c.add(owner.zeros(new Shape(1, batch, sizes.out(l))));
    }
    return new State(h, c);
  }

  /** Masks for one training call, every layer dropping out. */
  public Masks masks(NDManager step, Masks.Rates rates, int batch) {
    return masks(step, rates, batch, true);
  }

  /**
   * Masks for one training call.
   *
   * @param frozen whether frozen layers drop out, too; else the embedding does its rows, and a
   *     layer its input and weights, only where they are trained
   */
  Masks masks(NDManager step, Masks.Rates rates, int batch, boolean frozen) {
    IntPredicate trained =
        group -> group == 0 ? embedding().trainable() : layers.get(group - 1).get(0).trainable();
    return Masks.draw(kernels, step, sizes, rates, batch, frozen ? group -> true : trained);
  }

  /** Locked mask (1, batch, E) of the output dropout, before the decoder. */
  public NDArray outputMask(NDManager step, Masks.Rates rates, int batch) {
    return LockedDropout.mask(kernels, step, batch, sizes.embedding(), rates.output());
  }

  /** The rows of the ids, times the row mask: (time, batch, E); no graph. */
  public Lookup lookup(NDManager step, NDArray ids, Masks masks) {
    return embedding.lookup(step, ids, masks.rows());
  }

  /** The rows of a document's ids (steps), as they are: (steps, E); no graph. */
  public NDArray embedded(NDManager step, long[] ids) {
    return embedding.rows(step, ids);
  }

  /** A lookup whose gradient is added to the embedding's by {@link #lookupBackward}. */
  public record Lookup(NDArray ids, NDArray x, NDArray rows) {

    Lookup attach(NDManager owner) {
      ids.attach(owner);
      x.attach(owner);
      rows.attach(owner);
      return this;
    }
  }

  /** Adds the lookup's gradient to the embedding's gradient; the padding row gets none. */
  public void lookupBackward(NDManager step, Lookup lookup, int padId) {
    embedding.backward(step, lookup, padId);
  }

  /**
   * One training call over x (time, batch, E): locked dropout on each layer's input, weight drop on
   * its recurrent weights, none on the top output.
   */
  public Output forward(NDManager step, NDArray x, State state, Masks masks) {
    boolean tiled = kernels.arithmetic() == Kernels.Arithmetic.BFLOAT16;
    NDArray y = x;
    NDList h = new NDList();
    NDList c = new NDList();
    for (int l = 0; l < sizes.layers(); l++) {
      List<Parameter> p = layers.get(l);
      NDList r =
          kernels.call(
              step,
              layerKernel(kernels),
              y,
              masks.inputs().get(l),
              state.h().get(l),
              state.c().get(l),
              p.get(0).value(),
              p.get(1).value(),
              masks.weights().get(l),
              p.get(2).value(),
              p.get(3).value());
      y = r.get(0); // (time, batch, out)
      h.add(detached(step, r.get(1)));
      c.add(detached(step, r.get(2)));
    }
    if (tiled && y.getShape().get(2) != sizes.embedding()) {
      y = kernels.one(step, "unfilled", y, layers.get(sizes.layers() - 1).get(1).value());
    }
    return new Output(y, new State(h, c));
  }

  /** The kernel of one LSTM layer in training. */
  static String layerKernel(Kernels kernels) {
    return kernels.arithmetic() == Kernels.Arithmetic.BFLOAT16 ? "lstm_filled" : "lstm";
  }

  private static NDArray detached(NDManager step, NDArray state) {
    NDArray d = state.stopGradient();
    d.attach(step);
    return d;
  }

  /**
   * One call without dropout and graph over ids (time, batch), for validation between training
   * steps; {@link InferenceEncoder} is for answering.
   */
  public Output evaluate(NDManager step, NDArray ids, State state) {
    Masks none = masks(step, Masks.Rates.NONE, Math.toIntExact(ids.getShape().get(1)));
    return Kernels.withoutRecording(() -> forward(step, lookup(step, ids, none).x(), state, none));
  }

  @Override
  public void close() {
    manager.close();
  }
}
