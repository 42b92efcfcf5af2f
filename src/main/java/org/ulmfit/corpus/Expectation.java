package org.ulmfit.corpus;

import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;

/**
 * What whoever reads an input needs of it.
 *
 * @param labels whether rows must have labels
 * @param trained the columns a model was trained on, looked for first; null: no model
 * @param labelling how many labels a row has, as in training; null: found out
 */
public record Expectation(
    Labels labels, @Nullable InputColumns trained, @Nullable Labelling labelling) {

  /** Of an input whose labelling is its own. */
  public Expectation(Labels labels, @Nullable InputColumns trained) {
    this(labels, trained, null);
  }

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
