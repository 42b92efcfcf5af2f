package org.ulmfit.corpus;

/** Where the corpus puts a document; a labelled one without a given split is in TRAIN. */
public enum Split {
  TRAIN,
  VALID,
  TEST,
  /** Unlabelled text, for the language model only. */
  UNSUP
}
