package org.ulmfit.predict;

import java.util.List;
import org.ulmfit.report.Mistake;

/** Hears how far an evaluation is. */
public interface EvaluationListener {

  /** A line worth showing. */
  default void note(String line) {}

  /**
   * So much is scored.
   *
   * @param done tokens, of {@code all}
   */
  default void scored(long done, long all) {}

  /**
   * Whether the surest errors are to be told with their texts, and what their words weigh; that
   * takes as long as some hundred answers.
   */
  default boolean explains() {
    return false;
  }

  /** The surest errors, if they were asked for. */
  default void mistakes(List<Mistake> mistakes) {}
}
