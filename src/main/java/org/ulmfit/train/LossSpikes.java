package org.ulmfit.train;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.ulmfit.Shown;

/**
 * Notices where a training loss jumps: the median of the last five losses lies six mean deviations
 * above the running mean of those before, and is twice as high or a nat above it. A single hard
 * batch does not count. One jump of each phase is told.
 */
public final class LossSpikes {
  private static final int RECENT = 5; // losses that are compared with those before
  private static final int WARM_UP = 20; // losses before them
  private static final double KEEP = 0.95;
  private static final double DEVIATIONS = 6;
  private static final double NAT = 1;

  private final Deque<Double> recent = new ArrayDeque<>();
  private int phase = -1;
  private int before;
  private double mean; // exponential averages, both divided by weight
  private double deviation;
  private double weight;
  private boolean told;

  /**
   * A jump.
   *
   * @param phase from 0
   * @param step of the phase, from 0
   * @param from mean loss before
   * @param to median loss after
   * @param rate of the last layer group
   */
  public record Spike(int phase, int step, double from, double to, double rate) {

    /**
     * What happened and what helps.
     *
     * @param task {@code lm} or {@code classifier}, whose recipe keys it names
     */
    public String line(String task) {
      return Shown.format(
          "loss spike: the training loss of phase %d jumped from %.4g to %.4g at step %,d (learning"
              + " rate %.3g); a lower rate (%s.stages.%d.rates) or a lower limit of the gradient"
              + " norm (%s.optimizer.clip) prevents it",
          phase + 1, from, to, step + 1, rate, task, phase, task);
    }
  }

  /** Takes the next step of a run; a jump if it completes the first of its phase. */
  public Optional<Spike> hear(TrainingListener.Step step) {
    if (step.phase() != phase) {
      begin(step.phase());
    }
    recent.addLast(step.loss());
    if (recent.size() > RECENT) {
      age(recent.removeFirst());
    }
    if (told || before < WARM_UP) {
      return Optional.empty();
    }
    double from = mean / weight;
    double to = median();
    if (to - from <= Math.max(DEVIATIONS * deviation / weight, Math.min(from, NAT))) {
      return Optional.empty();
    }
    told = true;
    return Optional.of(new Spike(phase, step.step(), from, to, step.rate()));
  }

  private void begin(int newPhase) {
    recent.clear();
    phase = newPhase;
    before = 0;
    mean = 0;
    deviation = 0;
    weight = 0;
    told = false;
  }

  /** A loss that is not recent any more. */
  private void age(double loss) {
    double off = before == 0 ? 0 : Math.abs(loss - mean / weight);
    mean = KEEP * mean + (1 - KEEP) * loss;
    deviation = KEEP * deviation + (1 - KEEP) * off;
    weight = KEEP * weight + 1 - KEEP;
    before++;
  }

  private double median() {
    double[] sorted = recent.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
