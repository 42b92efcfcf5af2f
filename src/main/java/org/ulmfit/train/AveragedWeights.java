package org.ulmfit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.ulmfit.nn.Kernels;

/**
 * Exponential averages of a task's tensors, batch-norm statistics included, over its steps; Polyak
 * and Juditsky 1992. After step n they keep {@code min(decay, (1 + n) / (10 + n))} of what they
 * were, as TensorFlow's {@code ExponentialMovingAverage} does, so that short runs do not end near
 * where they began.
 */
final class AveragedWeights implements AutoCloseable {
  private static final String PREFIX = "average.";

  private final double decay;
  private final Task task;
  private final NDManager manager;
  private final Map<String, NDArray> averages = new LinkedHashMap<>();
  private final NDList weights = new NDList();

  /**
   * Averages that begin with the weights as they are.
   *
   * @param decay 0: none are kept
   */
  AveragedWeights(Task task, double decay) {
    this.task = task;
    this.decay = decay;
    this.manager = task.manager().newSubManager();
    if (decay > 0) {
      Kernels.withoutRecording(
          () ->
              task.tensors()
                  .forEach(
                      (name, array) -> {
                        weights.add(array);
                        averages.put(PREFIX + name, copy(array));
                      }));
    }
  }

  private NDArray copy(NDArray array) {
    NDArray copy = array.duplicate();
    copy.attach(manager);
    return copy;
  }

  /** The averages by their names in a checkpoint. */
  Map<String, NDArray> state() {
    return averages;
  }

  /**
   * Takes in the weights of a step.
   *
   * @param n the steps taken, this one with them
   */
  void update(long n) {
    if (decay > 0) {
      double kept = Math.min(decay, (1.0 + n) / (10.0 + n));
      call("average", manager -> new NDArray[] {manager.create((float) (1 - kept))});
    }
  }

  /** Exchanges the task's weights and the averages; once more, and all is as it was. */
  void exchange() {
    if (decay > 0) {
      call("exchange", manager -> new NDArray[0]);
    }
  }

  private void call(String kernel, Function<NDManager, NDArray[]> tensors) {
    try (NDManager step = manager.newSubManager()) {
      NDList all = new NDList(averages.values());
      Kernels.withoutRecording(
          () -> {
            task.kernels().callLists(step, kernel, List.of(all, weights), tensors.apply(step));
          });
    }
  }

  /** Name in a checkpoint of what is saved in the end for a tensor. */
  static String saved(String tensor, double decay) {
    return decay > 0 ? PREFIX + tensor : tensor;
  }

  @Override
  public void close() {
    manager.close();
  }
}
