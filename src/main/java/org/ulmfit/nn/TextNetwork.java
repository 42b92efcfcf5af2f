package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A classifier of whole documents without a language model behind it: word embedding, layers over
 * the steps, pooling, dense layers. A document's logits depend on no other's, in whatever batch.
 */
public final class TextNetwork implements AutoCloseable {

  /** What stands between embedding and pooling. */
  public enum Body {
    NONE,
    RNN,
    LSTM,
    BILSTM,
    SEPARABLE,
    GATED
  }

  /** What is made of the steps. */
  public enum Pooling {
    /** The last step read, of each direction. */
    LAST,
    MEAN,
    MAX,
    MEAN_MAX
  }

  /**
   * Sizes.
   *
   * @param embedding width; 0: words are one-hot vectors, for recurrent layers
   * @param norm whether embedded words go through batch norm
   * @param units width of each recurrent layer or block of convolutions
   * @param lastForward whether the last of layers that read in both directions reads forward only
   * @param kernelSize steps that a convolution sees
   * @param poolSize of how many steps the greatest is taken between blocks
   * @param dilations of the gated convolutions
   * @param hidden width of each dense layer between pooling and output
   */
  public record Sizes(
      int vocabulary,
      int embedding,
      boolean norm,
      Body body,
      List<Integer> units,
      boolean lastForward,
      int kernelSize,
      int poolSize,
      List<Integer> dilations,
      Pooling pooling,
      List<Integer> hidden,
      int classes) {

    /** Width of the table's rows. */
    private int tableWidth() {
      if (embedding > 0) {
        return embedding;
      }
      int gates = cell().gates() * units.get(0);
      return both(0) ? 2 * gates : gates;
    }

    private Recurrent.Cell cell() {
      return body == Body.RNN ? Recurrent.Cell.SIMPLE : Recurrent.Cell.LSTM;
    }

    private boolean both(int layer) {
      return body == Body.BILSTM && !(lastForward && layer == units.size() - 1);
    }
  }

  /**
   * Probabilities of dropping out.
   *
   * @param embedding numbers of an embedded word
   * @param spatial features of embedded words, for a whole document
   * @param block before each block of separable convolutions
   * @param gate before the sigmoid of a gate
   * @param last before the output layer
   */
  public record Dropouts(double embedding, double spatial, double block, double gate, double last) {
    /** No dropout at all. */
    public static final Dropouts NONE = new Dropouts(0, 0, 0, 0, 0);
  }

  /**
   * Logits, and what they come of.
   *
   * @param logits (rows, classes)
   * @param pooled (rows, features), what the dense layers read
   */
  public record Output(NDArray logits, NDArray pooled, AwdLstm.Lookup lookup) {}

  /** Documents padded on the right: ids (time·rows), time-major. */
  public record Batch(int time, long[] ids, int[] lengths) {}

  private static final double EMBEDDING_BOUND = .05; // Keras

  private final NDManager manager;
  private final Kernels kernels;
  private final Sizes sizes;
  private final Dropouts dropouts;
  private final Embedding embedding;
  private final List<NetworkLayer> layers = new ArrayList<>();
  private final DenseHead head;
  private final NDArray everyRow; // row mask of the lookup

  /**
   * @param weights if random: as Keras draws them
   */
  public TextNetwork(
      NDManager parent, Kernels kernels, Sizes sizes, Dropouts dropouts, Weights weights) {
    this.manager = parent.newSubManager();
    this.kernels = kernels;
    this.sizes = sizes;
    this.dropouts = dropouts;
    int width = sizes.tableWidth();
    double bound = sizes.embedding > 0 ? EMBEDDING_BOUND : Weights.glorot(sizes.vocabulary, width);
    NDArray table = weights.make(manager, bound, sizes.vocabulary, width);
    this.embedding = new Embedding(kernels, "embedding.weight", table);
    this.everyRow = manager.ones(new Shape(sizes.vocabulary, 1));
    if (sizes.norm) {
      layers.add(new StepNorm(manager, kernels, "norm.", width));
    }
    body(weights);
    int last = layers.isEmpty() ? width : layers.get(layers.size() - 1).width();
    int features = sizes.pooling == Pooling.MEAN_MAX ? 2 * last : last;
    this.head =
        new DenseHead(
            manager, kernels, weights, features, sizes.hidden, sizes.classes, dropouts.last);
  }

  private void body(Weights weights) {
    int in = sizes.embedding;
    switch (sizes.body) {
      case NONE -> {}
      case RNN, LSTM, BILSTM -> {
        for (int l = 0; l < sizes.units.size(); l++) {
          Recurrent layer =
              new Recurrent(
                  manager,
                  kernels,
                  weights,
                  name(l),
                  sizes.cell(),
                  in,
                  sizes.units.get(l),
                  sizes.both(l));
          layers.add(layer);
          in = layer.width();
        }
      }
      case SEPARABLE -> {
        for (int l = 0; l < sizes.units.size(); l++) {
          int filters = sizes.units.get(l);
          int pool = l == sizes.units.size() - 1 ? 0 : sizes.poolSize;
          layers.add(
              new SeparableConvolutions(
                  manager,
                  kernels,
                  weights,
                  name(l),
                  in,
                  filters,
                  sizes.kernelSize,
                  pool,
                  dropouts.block));
          in = filters;
        }
      }
      case GATED -> {
        for (int l = 0; l < sizes.dilations.size(); l++) {
          layers.add(
              new GatedConvolution(
                  manager,
                  kernels,
                  weights,
                  name(l),
                  in,
                  sizes.kernelSize,
                  sizes.dilations.get(l),
                  dropouts.gate));
        }
      }
    }
  }

  private static String name(int layer) {
    return "layers." + layer + ".";
  }

  public NDManager manager() {
    return manager;
  }

  public Kernels kernels() {
    return kernels;
  }

  /** The word embedding (V, E). */
  public Parameter embedding() {
    return embedding.table();
  }

  /** Embedding, layers, dense layers: what there is of them. */
  public List<LayerGroup> groups() {
    List<LayerGroup> groups = new ArrayList<>();
    groups.add(new LayerGroup("embedding", List.of(embedding.table())));
    List<Parameter> body = new ArrayList<>();
    layers.forEach(layer -> body.addAll(layer.parameters()));
    if (!body.isEmpty()) {
      groups.add(new LayerGroup("layers", body));
    }
    groups.add(new LayerGroup("head", head.parameters()));
    return groups;
  }

  /** All tensors by file name; the arrays themselves. */
  public Map<String, NDArray> tensors() {
    Map<String, NDArray> all = new LinkedHashMap<>();
    groups().forEach(g -> g.parameters().forEach(p -> all.put(p.name(), p.value())));
    layers.forEach(layer -> all.putAll(layer.statistics()));
    return all;
  }

  /** Numbers that a step keeps for its gradient, about. */
  public double floatsAStep() {
    return 3.0 * sizes.tableWidth() + layers.stream().mapToDouble(NetworkLayer::floatsAStep).sum();
  }

  /**
   * Logits of documents.
   *
   * @param training with dropout and the batch's statistics
   */
  public Output forward(NDManager step, Batch batch, boolean training) {
    int rows = batch.lengths().length;
    NDArray ids = step.create(batch.ids(), new Shape(batch.time(), rows));
    AwdLstm.Lookup lookup = embedding.lookup(step, ids, everyRow);
    NDArray pooled = pooled(step, lookup.x(), batch.lengths(), training);
    return new Output(head.forward(step, pooled, training), pooled, lookup);
  }

  /** The vectors of a document's ids (steps), as they are: (steps, E); no graph. */
  public NDArray embedded(NDManager step, long[] ids) {
    return embedding.rows(step, ids);
  }

  /**
   * Logits (rows, classes) of embedded words x (steps, rows, E), without dropout; every row is as
   * long as x. Call it where the thread records, and there is a graph back to x.
   */
  public NDArray logits(NDManager step, NDArray x) {
    int[] lengths = new int[Math.toIntExact(x.getShape().get(1))];
    Arrays.fill(lengths, Math.toIntExact(x.getShape().get(0)));
    return head.forward(step, pooled(step, x, lengths, false), false);
  }

  /** What the dense layers read (rows, features) of embedded words (steps, rows, E). */
  private NDArray pooled(NDManager step, NDArray embedded, int[] lengths, boolean training) {
    NDArray x = embedded;
    if (training && dropouts.embedding > 0) {
      x = kernels.one(step, "drop", x, step.create((float) dropouts.embedding));
    }
    Steps steps = Steps.of(step, x, lengths);
    int first = 0;
    if (sizes.norm) {
      steps = layers.get(first++).forward(step, steps, training);
    }
    if (training && dropouts.spatial > 0) {
      NDArray mask =
          LockedDropout.mask(kernels, step, lengths.length, steps.width(), dropouts.spatial);
      steps = steps.with(steps.x().mul(mask));
    }
    if (sizes.body == Body.GATED) { // as its residuals are: 0 behind the documents' ends
      steps = steps.with(steps.x().mul(steps.mask()));
    }
    for (NetworkLayer layer : layers.subList(first, layers.size())) {
      steps = layer.forward(step, steps, training);
    }
    return pool(step, steps);
  }

  private NDArray pool(NDManager step, Steps steps) {
    float[] counts = new float[steps.rows()];
    for (int row = 0; row < counts.length; row++) {
      counts[row] = steps.lengths()[row];
    }
    NDArray count = step.create(counts, new Shape(counts.length, 1));
    return switch (sizes.pooling) {
      case LAST -> last(step, steps);
      case MEAN -> kernels.one(step, "pool_mean", steps.x(), steps.mask(), count);
      case MAX -> kernels.one(step, "pool_max", steps.x(), steps.mask());
      case MEAN_MAX ->
          kernels
              .one(step, "pool_mean", steps.x(), steps.mask(), count)
              .concat(kernels.one(step, "pool_max", steps.x(), steps.mask()), 1);
    };
  }

  private NDArray last(NDManager step, Steps steps) {
    long[] last = new long[steps.rows()];
    for (int row = 0; row < last.length; row++) {
      last[row] = steps.lengths()[row] - 1L;
    }
    boolean both =
        layers.get(layers.size() - 1) instanceof Recurrent r && r.width() > r.forwardWidth();
    long split = both ? steps.width() / 2 : steps.width();
    return kernels.one(step, "pool_last", steps.x(), step.create(last), step.create(split));
  }

  /** Adds the embedding's gradient, where it is trained; the row of padId gets none, -1: all do. */
  public void backward(NDManager step, Output output, int padId) {
    embedding.backward(step, output.lookup, padId);
  }

  @Override
  public void close() {
    manager.close();
  }
}
