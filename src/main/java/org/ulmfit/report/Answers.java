package org.ulmfit.report;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.train.Scores;
import org.ulmfit.train.TemperatureGain;

/**
 * What is told of a finished model's answers.
 *
 * @param scores the held-out rows; null if there were none
 * @param gain what the model's temperature does; null: it has none
 * @param mistakes surest errors among the rows with their texts; none where texts are not to be
 *     told
 */
public record Answers(
    @Nullable Scores scores, @Nullable TemperatureGain gain, List<Mistake> mistakes) {

  /** Nothing to tell. */
  public static final Answers NONE = new Answers(null, null, List.of());
}
