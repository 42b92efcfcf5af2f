package org.ulmfit.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Kernels for a class of engine tests, a manager for each test, and arrays from golden numbers.
 * Nothing is recorded but in {@link #backward}.
 */
@ExtendWith(WithoutRecording.class)
public abstract class EngineFixture {

  protected static Kernels kernels;
  private static int threads;
  protected NDManager manager;

  /** One thread: tensors here are tiny, and sums keep their order. */
  @BeforeAll
  static void loadKernels() {
    threads = Torch.threads();
    EngineThreads.set(1);
    kernels = Kernels.load(Device.cpu(), Kernels.Arithmetic.FLOAT32);
  }

  @AfterAll
  static void closeKernels() {
    kernels.close();
    EngineThreads.set(threads);
  }

  @BeforeEach
  void openManager() {
    manager = NDManager.newBaseManager(Device.cpu());
  }

  @AfterEach
  void closeManager() {
    manager.close();
  }

  /** The numbers of a nested golden list, in reading order. */
  public static float[] flat(JsonNode node) {
    List<Double> values = new ArrayList<>();
    collect(node, values);
    float[] flat = new float[values.size()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = values.get(i).floatValue();
    }
    return flat;
  }

  private static void collect(JsonNode node, List<Double> into) {
    if (node.isArray()) {
      node.forEach(child -> collect(child, into));
    } else {
      into.add(node.doubleValue());
    }
  }

  protected NDArray array(float[] values, long... shape) {
    return manager.create(values, new Shape(shape));
  }

  /** Reproducible values in (-scale, scale). */
  public static float[] numbers(int size, double scale, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * scale);
    }
    return values;
  }

  protected NDArray random(double scale, long seed, long... shape) {
    return array(numbers((int) new Shape(shape).size(), scale, seed), shape);
  }

  /** A random array that takes part in autograd. */
  protected NDArray leaf(double scale, long seed, long... shape) {
    NDArray array = random(scale, seed, shape);
    array.setRequiresGradient(true);
    return array;
  }

  /** Back-propagates from a scalar that is computed under recording. */
  protected void backward(Supplier<NDArray> scalar) {
    try (GradientCollector collector = Torch.engine().newGradientCollector()) {
      collector.backward(scalar.get());
    }
  }

  protected static float[] floats(NDArray array) {
    return array.toFloatArray();
  }
}
