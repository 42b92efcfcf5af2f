package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/** Dense layers with ReLU, then dropout and the output layer. Weights begin as Keras's. */
final class DenseHead {

  private record Dense(Parameter weight, Parameter bias) {}

  private final Kernels kernels;
  private final double dropout;
  private final List<Dense> hidden = new ArrayList<>();
  private final Dense output;

  /**
   * @param in width of what it reads
   * @param widths of the layers before the output
   */
  DenseHead(
      NDManager manager,
      Kernels kernels,
      Weights weights,
      int in,
      List<Integer> widths,
      int classes,
      double dropout) {
    this.kernels = kernels;
    this.dropout = dropout;
    int from = in;
    for (int k = 0; k < widths.size(); k++) {
      hidden.add(dense(manager, weights, "hidden." + k + ".", from, widths.get(k)));
      from = widths.get(k);
    }
    this.output = dense(manager, weights, "output.", from, classes);
  }

  private static Dense dense(NDManager manager, Weights weights, String name, int in, int out) {
    NDArray w = weights.make(manager, Weights.glorot(in, out), out, in);
    NDArray b = manager.zeros(new Shape(out));
    return new Dense(
        new Parameter(name + "weight", w, false, false),
        new Parameter(name + "bias", b, false, true));
  }

  List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    hidden.forEach(d -> all.addAll(List.of(d.weight, d.bias)));
    all.addAll(List.of(output.weight, output.bias));
    return all;
  }

  /** Logits (rows, classes) of features (rows, in). */
  NDArray forward(NDManager step, NDArray features, boolean training) {
    NDArray x = features;
    for (Dense d : hidden) {
      x = kernels.one(step, "dense_relu", x, d.weight.value(), d.bias.value());
    }
    if (training && dropout > 0) {
      x = kernels.one(step, "drop", x, step.create((float) dropout));
    }
    return kernels.one(step, "dense", x, output.weight.value(), output.bias.value());
  }
}
