package org.ulmfit.report;

import java.util.List;
import java.util.Optional;
import org.ulmfit.Shown;
import org.ulmfit.train.LossSpikes;
import org.ulmfit.train.TrainingListener;

/** What the epochs of a run teach, for who trains the next one. */
final class Advice {
  private static final double RISEN = 1.05; // of the lowest validation loss
  private static final String BEST = "the model is that of the "; // as the trainer notes it

  private Advice() {}

  /**
   * Tells where the model was trained for too long: the validation loss of the last epoch lies a
   * twentieth above the lowest one before, and the training loss has fallen since; nothing of a
   * model that is the best epoch's.
   */
  static Optional<String> of(RunHistory history) {
    boolean best = history.notes().stream().anyMatch(note -> note.startsWith(BEST));
    return best ? Optional.empty() : overfitting(history.epochs());
  }

  /** Where the training loss jumped, once for each phase. */
  static List<String> spikes(RunHistory history) {
    LossSpikes spikes = new LossSpikes();
    String task = history.languageModel() ? "lm" : "classifier";
    return history.steps().stream()
        .flatMap(step -> spikes.hear(step).stream())
        .map(spike -> spike.line(task))
        .toList();
  }

  static Optional<String> overfitting(List<TrainingListener.Epoch> epochs) {
    if (epochs.size() < 2) {
      return Optional.empty();
    }
    int lowest = 0;
    for (int e = 1; e < epochs.size(); e++) {
      lowest = loss(epochs, e) < loss(epochs, lowest) ? e : lowest;
    }
    int last = epochs.size() - 1;
    boolean risen = loss(epochs, last) > RISEN * loss(epochs, lowest);
    boolean fallen = epochs.get(last).trainLoss() < epochs.get(lowest).trainLoss();
    return risen && fallen
        ? Optional.of(
            Shown.format(
                "over-fitted: the validation loss was lowest after epoch %d of phase %d (%.4f) and ends"
                    + " at %.4f while the training loss falls; checkpoint.best=save keeps the best"
                    + " epoch, fewer epochs or more dropout come to it at the end",
                epochs.get(lowest).epoch() + 1,
                epochs.get(lowest).phase() + 1,
                loss(epochs, lowest),
                loss(epochs, last)))
        : Optional.empty();
  }

  private static double loss(List<TrainingListener.Epoch> epochs, int e) {
    return epochs.get(e).validation().loss();
  }
}
