package org.ulmfit;

import java.nio.file.Path;
import java.util.Optional;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Scores;

/**
 * A classifier in its run's folder.
 *
 * @param run holds the model as {@code classifier}
 * @param valid of the model that was saved
 * @param test on the corpus's test data, if it has any
 * @param report a page in Markdown
 */
public record TrainedClassifier(Path run, Evaluation valid, Optional<Scores> test, Path report) {

  /** Opens it on the device that {@code auto} finds; close it when it is not needed any more. */
  public TextClassifier open() {
    return TextClassifier.load(run);
  }

  /**
   * Opens it; close it when it is not needed any more.
   *
   * @param device {@code auto}, {@code cpu} or {@code cuda:N}
   */
  public TextClassifier open(String device) {
    return TextClassifier.load(run, device, null);
  }
}
