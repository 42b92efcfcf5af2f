package org.ulmfit.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.Map;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.LayerGroup;

/** What the loop trains: a model with its data. The loop knows nothing of either. */
public interface Task {

  /** Loss of one batch and the tokens it held. */
  record StepLoss(double loss, long tokens) {}

  /** {@code lm} or {@code classifier}. */
  String name();

  /** What the training loss is called; only a plain {@code loss} is a cross-entropy. */
  default String lossName() {
    return "loss";
  }

  /** What the accuracy of its validation is called. */
  default String accuracyName() {
    return "accuracy";
  }

  Kernels kernels();

  NDManager manager();

  /** What training holds in memory at most, in that arithmetic. */
  MemoryEstimate memory(Kernels.Arithmetic arithmetic);

  /** Layer groups, first to last. */
  List<LayerGroup> groups();

  /** Batches of a full epoch, as far as all have the same number. */
  int stepsPerEpoch();

  /** Batches of one epoch at most. */
  default int batches(int phase, int epoch) {
    return stepsPerEpoch();
  }

  /** Steps of a phase as its schedule counts them, one at least; of part of an epoch its share. */
  default int steps(int phase, double epochs) {
    return (int) Math.max(1, Math.round(epochs * stepsPerEpoch()));
  }

  /**
   * Opens the data of an epoch at batch {@code skip}; the order is a function of (seed, phase,
   * epoch). Carried state is reset unless {@code skip > 0}.
   */
  void startEpoch(long seed, int phase, int epoch, int skip);

  boolean hasNext();

  /** Forward and backward over the next batch; leaves the gradients in the parameters. */
  StepLoss step(NDManager step, GradientCollector collector);

  Evaluation validate();

  /** Weights and statistics by file name; the arrays themselves. */
  Map<String, NDArray> tensors();

  /** Tensors carried from batch to batch (the hidden state) by name; empty if none. */
  Map<String, NDArray> carried();

  /** Arrays for {@link #carried()} of the current shapes, to be filled on resume. */
  Map<String, NDArray> allocateCarried();
}
