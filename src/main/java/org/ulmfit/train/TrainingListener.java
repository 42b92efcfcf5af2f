package org.ulmfit.train;

import java.util.List;

/**
 * Hears what a run does; the command line shows it, a run's log keeps it. What a listener throws
 * ends the run at its last checkpoint.
 */
public interface TrainingListener {

  /**
   * A phase begins. Phases and epochs are counted from 0.
   *
   * @param lossName what its training loss is: {@code loss}, or {@code sampled loss}, whose
   *     exponential is no perplexity
   * @param accuracyName what the accuracy of its validation is: {@code accuracy}, or {@code subset
   *     accuracy} with several labels a document
   * @param groups all layer groups, first to last; none in logs of before they were told
   */
  record PhaseStart(
      String task,
      int phase,
      int phases,
      int freezeTo,
      int firstEpoch,
      double epochs,
      int steps,
      String lossName,
      String accuracyName,
      List<Group> groups) {

    public PhaseStart {
      lossName = lossName == null ? "loss" : lossName; // logs written before it was told
      accuracyName = accuracyName == null ? "accuracy" : accuracyName;
      groups = groups == null ? List.of() : List.copyOf(groups);
    }

    /** Whether the exponential of a validation loss is a perplexity. */
    public boolean languageModel() {
      return task.equals("lm");
    }

    /** The number of epochs for the reader: 2 or 1.25. */
    public String epochsText() {
      return text(epochs);
    }

    /** Index of the first layer group that is trained. */
    public int firstTrained() {
      return LayerRates.freezeTo(freezeTo, groups.size());
    }
  }

  /**
   * A layer group of a phase.
   *
   * @param share its learning rate as a multiple of the last group's, at every step
   */
  record Group(String name, double share) {}

  /** A number of epochs, without a fraction if it has none. */
  static String text(double epochs) {
    boolean whole = epochs == Math.rint(epochs);
    return whole ? Long.toString((long) epochs) : Double.toString(epochs);
  }

  /**
   * One optimiser step.
   *
   * @param epoch of the phase, from 0
   * @param step of the phase, from 0
   * @param steps of the phase
   * @param rate of the last layer group
   * @param globalStep steps of the run so far, this one too
   * @param norm global gradient norm before clipping
   * @param tokens in this batch
   * @param seconds wall-clock of this step
   */
  record Step(
      int phase,
      int epoch,
      int step,
      int steps,
      long globalStep,
      double loss,
      double smoothedLoss,
      double rate,
      double beta1,
      double norm,
      long tokens,
      double seconds) {}

  /**
   * An epoch, or its part, has ended and was validated.
   *
   * @param epoch of the phase, from 0
   * @param perplexity exponential of the validation loss; it means something for a language model
   *     only
   * @param seconds of training, validation not counted
   */
  record Epoch(
      int phase,
      int epoch,
      double trainLoss,
      Evaluation validation,
      double perplexity,
      long tokens,
      double seconds,
      double validationSeconds) {}

  default void phase(PhaseStart start) {}

  default void step(Step step) {}

  default void epoch(Epoch epoch) {}

  /** A checkpoint, or the model at the end, is about to be written. */
  default void saving() {}

  /** A line worth showing: a resume, a checkpoint that had to be passed over. */
  default void note(String line) {}
}
