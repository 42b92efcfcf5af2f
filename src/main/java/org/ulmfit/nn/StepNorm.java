package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Batch norm over the steps that belong to documents, with Keras's momentum and epsilon. */
final class StepNorm implements NetworkLayer {
  private static final float MOMENTUM = .01f; // of the batch; Keras has .99 of what was before
  private static final float EPSILON = 1e-3f;

  private final Kernels kernels;
  private final int width;
  private final Parameter weight;
  private final Parameter bias;
  private final Map<String, NDArray> statistics = new LinkedHashMap<>();
  private final NDArray mean;
  private final NDArray variance;

  StepNorm(NDManager manager, Kernels kernels, String name, int width) {
    this.kernels = kernels;
    this.width = width;
    Shape shape = new Shape(width);
    this.weight = new Parameter(name + "weight", manager.ones(shape), false, true);
    this.bias = new Parameter(name + "bias", manager.zeros(shape), false, true);
    this.mean = manager.zeros(shape);
    this.variance = manager.ones(shape);
    statistics.put(name + "running_mean", mean);
    statistics.put(name + "running_var", variance);
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
  public Map<String, NDArray> statistics() {
    return statistics;
  }

  @Override
  public double floatsAStep() {
    return 4.0 * width;
  }

  @Override
  public Steps forward(NDManager step, Steps in, boolean training) {
    long[] places = in.places();
    float[] settings = {training && places.length > 1 ? 1 : 0, MOMENTUM, EPSILON};
    return in.with(
        kernels.one(
            step,
            "norm_steps",
            in.x(),
            step.create(places),
            weight.value(),
            bias.value(),
            mean,
            variance,
            step.create(settings)));
  }
}
