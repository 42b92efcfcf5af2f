package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Dense layers on features of which a document has few: the first layer adds up the rows of the
 * features there are.
 */
public final class FeatureNetwork implements AutoCloseable {

  /**
   * Widths.
   *
   * @param features how many there are
   * @param hidden widths of the layers before the output, one at least
   */
  public record Sizes(int features, List<Integer> hidden, int classes) {}

  /**
   * Documents' features, one after another.
   *
   * @param offsets where each document's begin
   */
  public record Batch(long[] features, float[] values, long[] offsets) {}

  private final NDManager manager;
  private final Kernels kernels;
  private final DenseHead head;
  private final Parameter weight;
  private final Parameter bias;
  private final double dropout;

  /**
   * @param dropout of single features
   * @param lastDropout before the output layer
   * @param weights if random: as Keras draws them
   */
  public FeatureNetwork(
      NDManager parent,
      Kernels kernels,
      Sizes sizes,
      double dropout,
      double lastDropout,
      Weights weights) {
    this.manager = parent.newSubManager();
    this.kernels = kernels;
    this.dropout = dropout;
    int features = sizes.features();
    int hidden = sizes.hidden().get(0);
    NDArray rows = weights.make(manager, Weights.glorot(features, hidden), features, hidden);
    this.weight = new Parameter("features.weight", rows, false, false);
    this.bias = new Parameter("features.bias", manager.zeros(new Shape(hidden)), false, true);
    List<Integer> more = sizes.hidden().subList(1, sizes.hidden().size());
    this.head =
        new DenseHead(manager, kernels, weights, hidden, more, sizes.classes(), lastDropout);
  }

  public NDManager manager() {
    return manager;
  }

  public Kernels kernels() {
    return kernels;
  }

  public List<LayerGroup> groups() {
    return List.of(
        new LayerGroup("features", List.of(weight, bias)),
        new LayerGroup("head", head.parameters()));
  }

  /** All tensors by file name; the arrays themselves. */
  public Map<String, NDArray> tensors() {
    Map<String, NDArray> all = new LinkedHashMap<>();
    groups().forEach(g -> g.parameters().forEach(p -> all.put(p.name(), p.value())));
    return all;
  }

  /**
   * Logits (documents, classes).
   *
   * @param training with dropout
   */
  public NDArray forward(NDManager step, Batch batch, boolean training) {
    NDArray values = step.create(batch.values());
    if (training && dropout > 0) {
      values = kernels.one(step, "drop", values, step.create((float) dropout));
    }
    NDArray sums =
        kernels.one(
            step,
            "weigh",
            weight.value(),
            step.create(batch.features()),
            step.create(batch.offsets()),
            values); // (documents, hidden)
    NDArray x = kernels.one(step, "shift_relu", sums, bias.value());
    return head.forward(step, x, training);
  }

  @Override
  public void close() {
    manager.close();
  }
}
