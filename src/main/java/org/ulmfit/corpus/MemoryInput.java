package org.ulmfit.corpus;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusOptions.Format;

/** Documents in memory, in their order. */
record MemoryInput(Corpus corpus, RowLabels labels) implements Input {

  /**
   * Looks at the number of texts that each document has.
   *
   * @throws UlmfitException (bad data) if a model was trained on another
   */
  static MemoryInput of(Corpus corpus, Expectation expectation) {
    InputColumns trained = expectation.trained();
    int fields = corpus.documents().get(0).fields().size();
    if (trained != null && trained.fields() != fields) {
      throw UlmfitException.badData(
          corpus
              + ": "
              + (fields == 1 ? "one text" : fields + " texts")
              + " a document, but "
              + trained.fields()
              + (trained.fields() == 1 ? " is" : " are")
              + " expected: "
              + trained.describe()
              + "; give each document as many");
    }
    LabelFinder.check(corpus.options(), expectation.labelling());
    return new MemoryInput(corpus, labels(corpus, expectation));
  }

  private static RowLabels labels(Corpus corpus, Expectation expectation) {
    int several = -1;
    for (int i = 0; i < corpus.documents().size() && several < 0; i++) {
      List<String> labels = corpus.documents().get(i).labels();
      several = labels != null && labels.stream().distinct().count() > 1 ? i : -1;
    }
    String why = several < 0 ? "" : "document " + (several + 1) + " has more than one label";
    return new LabelFinder(corpus.toString(), corpus.options(), expectation)
        .found(LabelForm.PLAIN, why);
  }

  @Override
  public String name() {
    return corpus.toString();
  }

  @Override
  public Format format() {
    return Format.LINES;
  }

  @Override
  public String found() {
    return corpus.toString();
  }

  @Override
  public InputColumns columns() {
    return InputColumns.unnamed(corpus.documents().get(0).fields().size());
  }

  @Override
  public String whyUnlabelled() {
    return "no document has a label; give them some, as in Document.of(text, label)";
  }

  @Override
  public String remedy() {
    return "mend it, leave it out, or skip such documents by CorpusOptions.OnBadRow.SKIP";
  }

  @Override
  public String asking(Labelling labelling) {
    return "Corpus.withLabelling(Labelling." + labelling + ")";
  }

  @Override
  public String emptiness(long ignoredFiles) {
    return "no document has a text; give some";
  }

  @Override
  public @Nullable Input of(Shard own) {
    return null;
  }

  @Override
  public void read(@Nullable Split forced, RowGate gate) {
    List<Document> documents = corpus.documents();
    for (int i = 0; i < documents.size(); i++) {
      Document document = documents.get(i);
      String id = document.id().isEmpty() ? Integer.toString(i + 1) : document.id();
      List<String> labels =
          document.labels() == null ? null : document.labels().stream().map(String::strip).toList();
      String where = "document " + (i + 1) + " in memory";
      gate.row(where, null, forced, new Document(id, document.fields(), labels));
    }
  }
}
