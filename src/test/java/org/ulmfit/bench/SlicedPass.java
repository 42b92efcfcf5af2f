package org.ulmfit.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.Map;
import org.ulmfit.lm.LmTask;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.MemoryEstimate;
import org.ulmfit.train.Task;

/**
 * One pass over the training text, validated after every so many steps: each epoch of the loop is a
 * slice of the pass, and the hidden state carries over from slice to slice.
 */
final class SlicedPass implements Task {

  private final LmTask inner;
  private final int steps;
  private boolean opened;

  /**
   * @param steps of a slice
   */
  SlicedPass(LmTask inner, int steps) {
    this.inner = inner;
    this.steps = steps;
  }

  @Override
  public int stepsPerEpoch() {
    return steps;
  }

  @Override
  public void startEpoch(long seed, int phase, int epoch, int skip) {
    if (!opened) {
      inner.startEpoch(seed, phase, 0, epoch * steps + skip);
      opened = true;
    }
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public String lossName() {
    return inner.lossName();
  }

  @Override
  public Kernels kernels() {
    return inner.kernels();
  }

  @Override
  public MemoryEstimate memory(Kernels.Arithmetic arithmetic) {
    return inner.memory(arithmetic);
  }

  @Override
  public NDManager manager() {
    return inner.manager();
  }

  @Override
  public List<LayerGroup> groups() {
    return inner.groups();
  }

  @Override
  public boolean hasNext() {
    return inner.hasNext();
  }

  @Override
  public StepLoss step(NDManager step, GradientCollector collector) {
    return inner.step(step, collector);
  }

  @Override
  public Evaluation validate() {
    return inner.validate();
  }

  @Override
  public Map<String, NDArray> tensors() {
    return inner.tensors();
  }

  @Override
  public Map<String, NDArray> carried() {
    return inner.carried();
  }

  @Override
  public Map<String, NDArray> allocateCarried() {
    return inner.allocateCarried();
  }
}
