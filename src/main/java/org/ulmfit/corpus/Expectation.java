package org.ulmfit.corpus;

import org.jspecify.annotations.Nullable;

/**
 * What whoever reads an input needs of it.
 *
 * @param labels whether rows must have labels
 * @param trained the columns a model was trained on, looked for first; null: no model
 */
public record Expectation(Labels labels, @Nullable InputColumns trained) {

  /** What is done with labels. */
  public enum Labels {
    /** An input without labels, or with two columns that could be them, is refused. */
    REQUIRED,
    /** Read where it is clear which column they are. */
    OPTIONAL,
    /** Looked for, so that rows are split as elsewhere, but no row is refused for want of one. */
    UNUSED
  }

  public static Expectation of(Labels labels) {
    return new Expectation(labels, null);
  }
}
