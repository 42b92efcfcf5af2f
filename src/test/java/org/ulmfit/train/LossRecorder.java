package org.ulmfit.train;

import java.util.ArrayList;
import java.util.List;

/** Keeps the training loss of every step. */
public class LossRecorder implements TrainingListener {
  private final List<Double> losses = new ArrayList<>();

  @Override
  public void step(Step step) {
    losses.add(step.loss());
  }

  public List<Double> losses() {
    return losses;
  }
}
