package org.ulmfit.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;

/** Where readers deliver: counts every row, hands on the good ones, fails or counts on bad ones. */
final class RowGate {
  /** Rejections that are told. */
  static final int EXAMPLES = 5;

  private final CorpusReader.Sink sink;
  private final boolean failOnBad;
  private final String remedy;
  private final boolean labelsUsed;
  private final Shard own;
  private final Labelling labelling;
  private final String whyOne;
  private final List<String> examples = new ArrayList<>();
  private long rows;
  private long used;
  private long rejected;
  private long ignoredFiles;
  private long emptyLists;
  private long repeated;

  /**
   * @param labelsUsed whether rows of a test or validation split must have labels
   * @param own rows that are handed on and counted, by their place among all
   */
  RowGate(CorpusReader.Sink sink, boolean failOnBad, Input input, boolean labelsUsed, Shard own) {
    this.own = own;
    this.sink = sink;
    this.failOnBad = failOnBad;
    this.remedy = input.remedy();
    this.labelling = input.labels().labelling();
    this.whyOne =
        input.labels().guessed()
            ? "; " + input.asking(Labelling.MULTI) + " reads several"
            : " (" + input.labels().why() + ")";
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
    List<String> own = document.labels();
    List<String> labels = own == null ? null : own.stream().distinct().toList();
    if (labels != null && !labelsUsed) {
      // so that rows are split as elsewhere; what is wrong with a label does not matter
      long most = labelling == Labelling.SINGLE ? 1 : labels.size();
      labels = labels.stream().filter(label -> !label.isBlank()).limit(most).toList();
    }
    if (labels != null && labels.stream().anyMatch(String::isBlank)) {
      reject(where, "a blank label");
      return;
    }
    if (labels != null && labels.size() > 1 && labelling == Labelling.SINGLE) {
      reject(
          where,
          labels.size() + " labels (" + Shown.list(labels, 5) + "), where a row has one" + whyOne);
      return;
    }
    boolean none = labels != null && labels.isEmpty() && labelling == Labelling.SINGLE;
    boolean labelled = labels != null && !none;
    Split split = forced != null ? forced : given;
    if (labelsUsed && !labelled && (split == Split.TEST || split == Split.VALID)) {
      reject(where, "no label in a row of the " + split.name().toLowerCase(Locale.ROOT) + " split");
      return;
    }
    emptyLists += none ? 1 : 0;
    repeated += labels != null && own != null && labels.size() < own.size() ? 1 : 0;
    deliver(split, new Document(document.id(), document.fields(), labelled ? labels : null));
  }

  private void deliver(@Nullable Split split, Document document) {
    if (!own.has(rows++)) {
      return;
    }
    used++;
    if (split == null || split == Split.TRAIN) {
      sink.accept(document.labels() == null ? Split.UNSUP : Split.TRAIN, document);
    } else {
      sink.accept(split, document);
    }
  }

  /** Whether rows are of use for their labels. */
  boolean usesLabels() {
    return labelsUsed;
  }

  /** A row that cannot be used. */
  void reject(String where, String reason) {
    String what = reason.replaceAll("\\R", " "); // it may quote the row
    if (failOnBad) {
      throw UlmfitException.badData(where + ": " + what + "; " + remedy);
    }
    if (!own.has(rows++)) {
      return;
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
    return new CorpusReader.Counts(
        used + rejected, used, rejected, ignoredFiles, emptyLists, repeated, examples);
  }
}
