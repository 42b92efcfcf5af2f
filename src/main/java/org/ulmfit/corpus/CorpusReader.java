package org.ulmfit.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusOptions.Format;
import org.ulmfit.corpus.CorpusOptions.OnBadRow;
import org.ulmfit.corpus.Expectation.Labels;

/**
 * A raw corpus: a folder, an archive or files, read as a stream of documents. Rows read = rows used
 * + rows rejected, always; {@link #counts()} tells after {@link #forEach}.
 */
public final class CorpusReader {
  /** Ids in the order of their UTF-8 bytes, that is by code point. */
  public static final Comparator<String> BY_CODE_POINT = LabelFolders.Place.BY_CODE_POINT;

  private final Input input;
  private final CorpusOptions options;
  private final Expectation expectation;
  private final @Nullable Split forced;
  private final List<CorpusReader> further = new ArrayList<>();
  private Counts counts = new Counts(0, 0, 0, 0, 0, 0, List.of());

  private CorpusReader(
      Input input, CorpusOptions options, Expectation expectation, @Nullable Split forced) {
    this.input = input;
    this.options = options;
    this.expectation = expectation;
    this.forced = forced;
  }

  /** Receives the documents in the order of the input. */
  @FunctionalInterface
  public interface Sink {
    void accept(Split split, Document document);

    /** Hears of every row that is left out. */
    default void reject(Rejection rejection) {}
  }

  /**
   * A row that cannot be used.
   *
   * @param where file and row
   * @param reason what is wrong with it
   */
  public record Rejection(String where, String reason) {
    @Override
    public String toString() {
      return where + ": " + reason;
    }
  }

  /**
   * Rows of one reading.
   *
   * @param rows rows or files seen
   * @param used handed to the sink
   * @param rejected not usable, skipped on request
   * @param ignoredFiles files of a folder or archive that are no documents
   * @param emptyLists used rows with an empty list of labels, taken as unlabelled since rows have
   *     one label each
   * @param repeated used rows that name a label twice, which counts once
   * @param rejections the first few rejections, with file, row and reason
   */
  public record Counts(
      long rows,
      long used,
      long rejected,
      long ignoredFiles,
      long emptyLists,
      long repeated,
      List<String> rejections) {
    public Counts {
      rejections = List.copyOf(rejections);
    }

    private Counts plus(Counts other) {
      List<String> both = new ArrayList<>(rejections);
      both.addAll(other.rejections);
      return new Counts(
          rows + other.rows,
          used + other.used,
          rejected + other.rejected,
          ignoredFiles + other.ignoredFiles,
          emptyLists + other.emptyLists,
          repeated + other.repeated,
          both);
    }

    /** With used rows that are left out after all. */
    public Counts leavingOut(List<Rejection> rows) {
      List<String> all = new ArrayList<>(rejections);
      rows.stream()
          .limit(Math.max(0, RowGate.EXAMPLES - all.size()))
          .forEach(row -> all.add(row.toString()));
      int n = rows.size();
      return new Counts(this.rows, used - n, rejected + n, ignoredFiles, emptyLists, repeated, all);
    }
  }

  /**
   * Looks at the input, whose labels are read where it is clear which they are.
   *
   * @throws UlmfitException as {@link #open(Corpus, Expectation)}
   */
  public static CorpusReader open(Corpus corpus) {
    return open(corpus, Expectation.of(Labels.OPTIONAL));
  }

  /**
   * Looks at the input; reads nothing yet but its start.
   *
   * @param expectation what is needed of it
   * @throws UlmfitException (bad data) if it is missing, or if it is not clear what in it is meant;
   *     (usage) if the options contradict it
   */
  public static CorpusReader open(Corpus corpus, Expectation expectation) {
    CorpusReader first = open(corpus, expectation, null);
    first.beside(corpus.valid(), Split.VALID);
    first.beside(corpus.test(), Split.TEST);
    return first;
  }

  /**
   * A corpus whose options are those of another input, too: without the ones of columns and their
   * labels where it has no columns, as a file of lines or a folder, and without those of a split or
   * an id that it does not have.
   */
  public static Corpus sharing(Corpus corpus, Expectation expectation) {
    if (corpus.path() == null || corpus.path().toString().equals("-")) {
      return corpus;
    }
    CorpusOptions options = corpus.options();
    CorpusOptions none =
        options
            .withHeader(CorpusOptions.Header.AUTO)
            .withTextColumns(List.of())
            .withIdColumn(null)
            .withSplitColumn(null)
            .withLabelNames(null);
    Format format = format(corpus.path(), none, expectation);
    if (format != null && !format.isTable() && !format.isJson()) {
      return Corpus.at(corpus.path(), none);
    }
    CorpusOptions its = options.withIdColumn(null).withSplitColumn(null);
    if (format(corpus.path(), its, expectation) == null) {
      return corpus; // which is refused for what is wrong with it
    }
    CorpusOptions id = its.withIdColumn(options.idColumn());
    its = format(corpus.path(), id, expectation) == null ? its : id;
    CorpusOptions split = its.withSplitColumn(options.splitColumn());
    its = format(corpus.path(), split, expectation) == null ? its : split;
    return Corpus.at(corpus.path(), its);
  }

  /** Null: it cannot be read so. */
  private static @Nullable Format format(
      Path path, CorpusOptions options, Expectation expectation) {
    try {
      return Input.of(Corpus.at(path, options), expectation).format();
    } catch (UlmfitException e) {
      return null;
    }
  }

  private static CorpusReader open(Corpus corpus, Expectation expectation, @Nullable Split forced) {
    Input input = Input.of(corpus, expectation);
    return new CorpusReader(input, corpus.options(), expectation, forced);
  }

  /** A further corpus, read as this one where it has the same columns; null: none. */
  private void beside(@Nullable Corpus corpus, Split split) {
    if (corpus != null) {
      Labels labels = expectation.labels() == Labels.UNUSED ? Labels.UNUSED : Labels.REQUIRED;
      InputColumns columns = input.format() == Format.FOLDER ? null : input.columns();
      further.add(open(corpus, new Expectation(labels, columns, labelling()), split));
    }
  }

  /**
   * Reads the corpus once, in bounded memory, the validation and test files of the options last.
   * Files of a folder come sorted by split, label and name (by code point); those of an archive in
   * its order.
   *
   * @throws UlmfitException (bad data) naming file and row or byte for anything malformed, or if
   *     there is no document at all
   */
  public void forEach(Sink sink) {
    forEach(Shard.WHOLE, sink);
  }

  /**
   * Reads what one of several programs has to: of a folder of {@link Parts} every so many files,
   * else every so many rows. There may be none for it. {@link #counts()} are of its rows.
   *
   * @throws UlmfitException as {@link #forEach(Sink)}
   */
  public void forEach(Shard own, Sink sink) {
    Input files = input.of(own);
    RowGate gate =
        new RowGate(
            sink,
            options.onBadRow() == OnBadRow.FAIL,
            input,
            expectation.labels() != Expectation.Labels.UNUSED,
            files == null ? own : Shard.WHOLE);
    (files == null ? input : files).read(forced, gate);
    counts = gate.counts();
    if (counts.used() == 0 && own.of() == 1) {
      throw UlmfitException.badData(input.name() + ": " + emptiness());
    }
    for (CorpusReader one : further) {
      one.forEach(own, sink);
      counts = counts.plus(one.counts);
    }
  }

  /** Counts of the last reading. */
  public Counts counts() {
    return counts;
  }

  /** Whether the order of documents is the corpus's own; false for an archive: sort by id. */
  public boolean ordered() {
    return input.format() != Format.TAR;
  }

  /** What was found and how it is read, a line for each file: to be told before work begins. */
  public List<String> found() {
    List<String> lines = new ArrayList<>();
    lines.add(input.found());
    if (input.labels().warning() != null) {
      lines.add(input.labels().warning());
    }
    further.forEach(one -> lines.addAll(one.found()));
    return lines;
  }

  /** How many labels a row has. */
  public Labelling labelling() {
    return input.labels().labelling();
  }

  /** The same in a line, and what says so: to be told before work begins. */
  public String task() {
    RowLabels labels = input.labels();
    String line = "task: " + (labels.isMulti() ? "several labels a row" : "one label a row");
    String told = labels.why().isEmpty() ? line : line + " (" + labels.why() + ")";
    Labelling other = labels.isMulti() ? Labelling.SINGLE : Labelling.MULTI;
    return labels.guessed() ? told + "; " + input.asking(other) + " says otherwise" : told;
  }

  /** How the user says how many labels a row has. */
  public String asking(Labelling labelling) {
    return input.asking(labelling);
  }

  /** All labels there can be, in their order; empty: known only when all rows are read. */
  public List<String> declaredLabels() {
    return input.labels().form().declared();
  }

  /** Which columns are read, for a model to remember. */
  public InputColumns columns() {
    return input.columns();
  }

  /** After a reading without labels: why there are none and what to do. */
  public String whyUnlabelled() {
    return input.whyUnlabelled();
  }

  private String emptiness() {
    return counts.rejected() > 0
        ? "all "
            + counts.rejected()
            + " rows were rejected, the first: "
            + counts.rejections().get(0)
        : input.emptiness(counts.ignoredFiles());
  }
}
