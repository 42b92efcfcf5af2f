package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;

/** One layer over the steps of documents; each document gets what it would get alone. */
interface NetworkLayer {

  /** Width of a step that it gives. */
  int width();

  List<Parameter> parameters();

  /** What it keeps beside its parameters, by name. */
  default Map<String, NDArray> statistics() {
    return Map.of();
  }

  /** Numbers that a step keeps for its gradient, about. */
  double floatsAStep();

  /**
   * Reads.
   *
   * @param training with dropout and the batch's statistics
   */
  Steps forward(NDManager step, Steps in, boolean training);
}
