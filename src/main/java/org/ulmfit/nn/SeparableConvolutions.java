package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A block of two separable convolutions with ReLU, behind dropout and, but for the last block,
 * before the greatest of every few steps. Source: Google's text classification guide (sepCNN).
 */
final class SeparableConvolutions implements NetworkLayer {
  private static final int CONVOLUTIONS = 2;

  private final Kernels kernels;
  private final int filters;
  private final int poolSize; // 0: none
  private final double dropout;
  private final int in;
  private final List<Parameter> parameters = new ArrayList<>();

  SeparableConvolutions(
      NDManager manager,
      Kernels kernels,
      Weights weights,
      String name,
      int in,
      int filters,
      int kernelSize,
      int poolSize,
      double dropout) {
    this.kernels = kernels;
    this.filters = filters;
    this.poolSize = poolSize;
    this.dropout = dropout;
    this.in = in;
    for (int k = 0; k < CONVOLUTIONS; k++) {
      int from = k == 0 ? in : filters;
      String own = name + k + ".";
      // a channel's own numbers are all that goes into it: Keras counts those of all channels,
      // which
      // makes what comes out a tenth of what went in, four times in a row
      double bound = Weights.glorot(kernelSize, kernelSize);
      NDArray depth = weights.make(manager, bound, from, 1, kernelSize);
      NDArray point = weights.make(manager, Weights.glorot(from, filters), filters, from);
      parameters.add(new Parameter(own + "depthwise", depth, false, false));
      parameters.add(new Parameter(own + "pointwise", point, false, false));
      parameters.add(new Parameter(own + "bias", manager.zeros(new Shape(filters)), false, true));
    }
  }

  @Override
  public int width() {
    return filters;
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public double floatsAStep() {
    return 4.0 * in + 8.0 * filters;
  }

  @Override
  public Steps forward(NDManager step, Steps in, boolean training) {
    NDArray x = in.x();
    if (training && dropout > 0) {
      x = kernels.one(step, "drop", x, step.create((float) dropout));
    }
    for (int k = 0; k < CONVOLUTIONS; k++) {
      List<Parameter> p = parameters.subList(3 * k, 3 * k + 3);
      NDArray[] w = p.stream().map(Parameter::value).toArray(NDArray[]::new);
      x = kernels.one(step, "separable", x, in.mask(), w[0], w[1], w[2]);
    }
    if (poolSize == 0) {
      return in.with(x);
    }
    NDArray most = kernels.one(step, "max_pool", x, in.mask(), step.create((long) poolSize));
    int[] lengths = Arrays.stream(in.lengths()).map(n -> (n + poolSize - 1) / poolSize).toArray();
    Steps pooled = Steps.of(step, most, lengths);
    return pooled.with(most.mul(pooled.mask())); // of no step at all: 0, not the least of numbers
  }
}
