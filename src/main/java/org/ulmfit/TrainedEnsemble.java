package org.ulmfit;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ulmfit.predict.StackingFigures;
import org.ulmfit.predict.TextClassifier;

/**
 * Several classifiers in one folder.
 *
 * @param folder holds the members themselves
 * @param members their names, in order
 * @param figures on the rows that weights were learned on, if they were
 */
public record TrainedEnsemble(
    Path folder, List<String> members, Optional<StackingFigures> figures) {

  /** Opens it on the device that {@code auto} finds; close it when it is not needed any more. */
  public TextClassifier open() {
    return TextClassifier.load(folder);
  }

  /**
   * Opens it; close it when it is not needed any more.
   *
   * @param device {@code auto}, {@code cpu} or {@code cuda:N}
   */
  public TextClassifier open(String device) {
    return TextClassifier.load(folder, device, null);
  }
}
