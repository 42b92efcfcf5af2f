package org.ulmfit;

import java.nio.file.Path;
import java.util.Optional;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.train.Scores;
import org.ulmfit.train.Task;

/**
 * A classifier in its run's folder.
 *
 * @param run holds the model as {@code classifier}
 * @param valid of the model that was saved
 * @param test on the corpus's test data, if it has any
 * @param report a page in Markdown
 */
public record TrainedClassifier(
    Path run, Task.Evaluation valid, Optional<Scores> test, Path report) {

  /** Opens it; close it when it is not needed any more. */
  public TextClassifier open() {
    return TextClassifier.load(run);
  }
}
