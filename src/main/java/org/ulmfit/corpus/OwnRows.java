package org.ulmfit.corpus;

import java.util.ArrayList;
import java.util.List;

/** Hands on the rows that are a program's own, by their place among all that are read. */
final class OwnRows implements CorpusReader.Sink {
  private final Shard own;
  private final CorpusReader.Sink sink;
  private final List<String> examples = new ArrayList<>();
  private long rows;
  private long used;
  private long rejected;

  OwnRows(Shard own, CorpusReader.Sink sink) {
    this.own = own;
    this.sink = sink;
  }

  @Override
  public void accept(Split split, Document document) {
    if (own.has(rows++)) {
      used++;
      sink.accept(split, document);
    }
  }

  @Override
  public void reject(CorpusReader.Rejection rejection) {
    if (own.has(rows++)) {
      rejected++;
      if (examples.size() < RowGate.EXAMPLES) {
        examples.add(rejection.toString());
      }
      sink.reject(rejection);
    }
  }

  /** Of the rows that were handed on. */
  CorpusReader.Counts counts(CorpusReader.Counts all) {
    return new CorpusReader.Counts(
        used + rejected,
        used,
        rejected,
        all.ignoredFiles(),
        all.emptyLists(),
        all.repeated(),
        examples);
  }
}
