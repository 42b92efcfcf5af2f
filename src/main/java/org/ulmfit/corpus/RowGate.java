package org.ulmfit.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;

/** Where readers deliver: counts every row, hands on the good ones, fails or counts on bad ones. */
final class RowGate {
  private static final int EXAMPLES = 5;

  private final CorpusReader.Sink sink;
  private final boolean failOnBad;
  private final String remedy;
  private final boolean labelsUsed;
  private final List<String> examples = new ArrayList<>();
  private long used;
  private long rejected;
  private long ignoredFiles;

  /**
   * @param remedy for a bad row that fails
   * @param labelsUsed whether rows of a test or validation split must have labels
   */
  RowGate(CorpusReader.Sink sink, boolean failOnBad, String remedy, boolean labelsUsed) {
    this.sink = sink;
    this.failOnBad = failOnBad;
    this.remedy = remedy;
    this.labelsUsed = labelsUsed;
  }

  /**
   * A row as the reader found it.
   *
   * @param where file and row, for messages
   * @param given the split of the row; null: none given
   * @param forced the split of the whole file; null: none
   */
  void row(String where, @Nullable Split given, @Nullable Split forced, Document document) {
    if (document.fields().stream().allMatch(String::isBlank)) {
      reject(where, "no text");
      return;
    }
    if (document.labels().size() > 1) {
      reject(
          where,
          document.labels().size()
              + " labels ("
              + Shown.list(document.labels(), 5)
              + "), but more than one label in a row is not supported yet");
      return;
    }
    if (document.labels().stream().anyMatch(String::isBlank)) {
      reject(where, "a blank label");
      return;
    }
    boolean labelled = !document.labels().isEmpty();
    Split split = forced != null ? forced : given;
    if (labelsUsed && !labelled && (split == Split.TEST || split == Split.VALID)) {
      reject(where, "no label in a row of the " + split.name().toLowerCase(Locale.ROOT) + " split");
      return;
    }
    used++;
    if (split == null || split == Split.TRAIN) {
      sink.accept(labelled ? Split.TRAIN : Split.UNSUP, document);
    } else {
      sink.accept(split, document);
    }
  }

  /** A row that cannot be used. */
  void reject(String where, String reason) {
    String what = reason.replaceAll("\\R", " "); // it may quote the row
    if (failOnBad) {
      throw UlmfitException.badData(where + ": " + what + "; " + remedy);
    }
    rejected++;
    CorpusReader.Rejection rejection = new CorpusReader.Rejection(where, what);
    if (examples.size() < EXAMPLES) {
      examples.add(rejection.toString());
    }
    sink.reject(rejection);
  }

  /** A file in a folder or archive that is no document. */
  void ignore() {
    ignoredFiles++;
  }

  CorpusReader.Counts counts() {
    return new CorpusReader.Counts(used + rejected, used, rejected, ignoredFiles, examples);
  }
}
