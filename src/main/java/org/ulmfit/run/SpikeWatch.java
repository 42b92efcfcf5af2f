package org.ulmfit.run;

import org.ulmfit.train.LossSpikes;
import org.ulmfit.train.TrainingListener;

/**
 * Tells who listens of a loss that jumps, as it happens. The log need not hold it: it holds the
 * losses, from which the report tells it again.
 */
final class SpikeWatch implements TrainingListener {
  private final TrainingListener next;
  private final LossSpikes spikes = new LossSpikes();
  private String task = "";

  SpikeWatch(TrainingListener next) {
    this.next = next;
  }

  @Override
  public void phase(PhaseStart start) {
    task = start.task();
    next.phase(start);
  }

  @Override
  public void step(Step step) {
    next.step(step);
    spikes.hear(step).ifPresent(spike -> next.note(spike.line(task)));
  }

  @Override
  public void epoch(Epoch epoch) {
    next.epoch(epoch);
  }

  @Override
  public void saving() {
    next.saving();
  }

  @Override
  public void note(String line) {
    next.note(line);
  }
}
