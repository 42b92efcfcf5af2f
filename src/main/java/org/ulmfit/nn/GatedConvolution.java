package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * A residual gated convolution with holes: y = s·x + (1 - s)·h, where one convolution gives h and,
 * through a sigmoid, s. Dauphin et al. 2017 for the gate, Yu and Koltun 2016 for the holes.
 */
final class GatedConvolution implements NetworkLayer {
  private final Kernels kernels;
  private final int dilation;
  private final double dropout;
  private final int width;
  private final Parameter weight;
  private final Parameter bias;

  GatedConvolution(
      NDManager manager,
      Kernels kernels,
      Weights weights,
      String name,
      int width,
      int kernelSize,
      int dilation,
      double dropout) {
    this.kernels = kernels;
    this.dilation = dilation;
    this.dropout = dropout;
    this.width = width;
    double bound = Weights.glorot((double) kernelSize * width, 2.0 * kernelSize * width);
    NDArray values = weights.make(manager, bound, 2L * width, width, kernelSize);
    this.weight = new Parameter(name + "weight", values, false, false);
    this.bias = new Parameter(name + "bias", manager.zeros(new Shape(2L * width)), false, true);
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }

  @Override
  public double floatsAStep() {
    return 12.0 * width;
  }

  @Override
  public Steps forward(NDManager step, Steps in, boolean training) {
    float[] settings = {dilation, training ? (float) dropout : 0};
    return in.with(
        kernels.one(
            step, "gated", in.x(), in.mask(), weight.value(), bias.value(), step.create(settings)));
  }
}
