package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The classifier's head over concat-pooled features: batch norm, dropout, linear, ReLU, batch norm,
 * dropout, linear. Howard and Ruder 2018 §3.3; fastai's PoolingLinearClassifier.
 */
public final class PoolingHead implements AutoCloseable {

  /**
   * Its widths and dropouts.
   *
   * @param features width of the pooled vector, three times the embedding
   * @param hidden width of the hidden layer
   * @param bias whether the linear layers have one (fastai 0.7 and 1) or not (fastai 2)
   * @param firstDropout before the first linear layer
   * @param lastDropout before the last
   */
  public record Layout(
      int features,
      int hidden,
      int classes,
      boolean bias,
      double firstDropout,
      double lastDropout) {}

  private static final float SHIFT = 1e-3f; // fastai 2 BatchNorm initialises its bias so

  private final Kernels kernels;
  private final NDManager manager;
  private final Layout layout;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, NDArray> statistics = new LinkedHashMap<>();

  /** A head with random weights. */
  public PoolingHead(NDManager parent, Kernels kernels, Layout layout) {
    this(parent, kernels, layout, Weights.RANDOM);
  }

  /**
   * @param weights of the linear layers; if random, as torch does
   */
  public PoolingHead(NDManager parent, Kernels kernels, Layout layout, Weights weights) {
    this.kernels = kernels;
    this.manager = parent.newSubManager();
    this.layout = layout;
    block(weights, 0, layout.features(), layout.hidden());
    block(weights, 1, layout.hidden(), layout.classes());
  }

  private void block(Weights weights, int k, int in, int out) {
    String norm = "layers." + k + ".0.";
    String linear = "layers." + k + ".2.";
    add(norm + "weight", manager.ones(new Shape(in)), true);
    NDArray shift = manager.zeros(new Shape(in)); // (in)
    add(norm + "bias", layout.bias() ? shift : shift.addi(SHIFT), true);
    statistics.put(norm + "running_mean", manager.zeros(new Shape(in)));
    statistics.put(norm + "running_var", manager.ones(new Shape(in)));
    double bound = 1 / Math.sqrt(in); // torch Linear: Kaiming uniform with a = sqrt 5
    add(linear + "weight", weights.make(manager, bound, out, in), false);
    if (layout.bias()) {
      add(linear + "bias", weights.make(manager, bound, out), true);
    } else {
      statistics.put(linear + "bias", manager.zeros(new Shape(out)));
    }
  }

  private void add(String name, NDArray value, boolean normOrBias) {
    parameters.put(name, new Parameter(name, value, false, normOrBias));
  }

  /** Whether the tensor of this name has a row, or a number, for each class. */
  public static boolean isByClass(String name) {
    return name.contains("layers.1.2.");
  }

  public Layout layout() {
    return layout;
  }

  public List<Parameter> parameters() {
    return new ArrayList<>(parameters.values());
  }

  /** Batch-norm running statistics by fastai 2 name. */
  public Map<String, NDArray> statistics() {
    Map<String, NDArray> running = new LinkedHashMap<>(statistics);
    running.keySet().removeIf(name -> !name.contains("running_"));
    return running;
  }

  private NDArray tensor(String name) {
    Parameter p = parameters.get(name);
    return p == null ? Objects.requireNonNull(statistics.get(name), name) : p.value();
  }

  /**
   * Logits (batch, classes) of pooled features (batch, 3E).
   *
   * @param training batch statistics (which also move the running ones) and dropout; a batch of one
   *     row has no statistics and is normalised by the running ones
   */
  public NDArray forward(NDManager step, NDArray features, boolean training) {
    return forward(step, features, training, true);
  }

  /**
   * The same.
   *
   * @param statistics whether running statistics are moved by a batch of training
   */
  public NDArray forward(NDManager step, NDArray features, boolean training, boolean statistics) {
    float[] settings = {
      training ? 1 : 0,
      (float) layout.firstDropout(),
      (float) layout.lastDropout(),
      training && features.getShape().get(0) > 1 ? 1 : 0
    };
    List<NDArray> arguments = new ArrayList<>(List.of(features));
    for (int k = 0; k < 2; k++) {
      String norm = "layers." + k + ".0.";
      String linear = "layers." + k + ".2.";
      for (String name :
          List.of(
              norm + "weight",
              norm + "bias",
              norm + "running_mean",
              norm + "running_var",
              linear + "weight",
              linear + "bias")) {
        NDArray tensor = tensor(name);
        boolean running = name.contains("running_");
        arguments.add(running && training && !statistics ? copy(step, tensor) : tensor);
      }
    }
    arguments.add(step.create(settings));
    return kernels.one(step, "head", arguments.toArray(NDArray[]::new));
  }

  private static NDArray copy(NDManager step, NDArray tensor) {
    NDArray copy = tensor.duplicate();
    copy.attach(step);
    return copy;
  }

  @Override
  public void close() {
    manager.close();
  }
}
