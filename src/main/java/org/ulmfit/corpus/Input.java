package org.ulmfit.corpus;

import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.corpus.CorpusOptions.Format;

/** One input of a corpus: a folder, a file, or documents in memory. */
sealed interface Input permits FileInput, MemoryInput {

  /** Looks at the input of a corpus, not at its validation and test data. */
  static Input of(Corpus corpus, Expectation expectation) {
    return corpus.path() == null
        ? MemoryInput.of(corpus, expectation)
        : FileInput.open(corpus.path(), corpus.options(), expectation);
  }

  /** How messages call it. */
  String name();

  /** Never AUTO. */
  Format format();

  /** What was found and how it is read, in a line. */
  String found();

  InputColumns columns();

  /** How labels are read. */
  RowLabels labels();

  /** Why a reading gave no labels and what to do. */
  String whyUnlabelled();

  /** What to do about a row that cannot be used. */
  String remedy();

  /** How the user says how many labels a row has. */
  String asking(Labelling labelling);

  /** Why there are no documents and what to do. */
  String emptiness(long ignoredFiles);

  /** Files of rows that are a program's own; null: its rows are to be counted. */
  @Nullable Input of(Shard own);

  /**
   * Reads all of it.
   *
   * @param forced the split of all rows; null: their own
   */
  void read(@Nullable Split forced, RowGate gate);
}
