package org.ulmfit.predict;

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
}
