package org.ulmfit.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
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
  public static final Comparator<String> BY_CODE_POINT = FileTree.Place.BY_CODE_POINT;

  private final Source source;
  private final Path path;
  private final Layout layout;
  private final CorpusOptions options;
  private final Expectation expectation;
  private final Split forced;
  private final List<CorpusReader> further;
  private Counts counts;

  private CorpusReader(
      Path path,
      CorpusOptions options,
      Expectation expectation,
      Split forced,
      List<Function<CorpusReader, CorpusReader>> further) {
    this.path = path;
    this.source = Source.of(path);
    this.options = options;
    this.expectation = expectation;
    this.forced = forced;
    if (!source.isStandardInput() && !Files.exists(path)) {
      throw UlmfitException.badData(path + ": no such file or folder; check the path");
    }
    if (options.linePattern() != null) {
      LineRows.pattern(options.linePattern());
    }
    this.layout = Files.isDirectory(path) ? folder() : file();
    this.further = further.stream().map(one -> one.apply(this)).toList();
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
   * @param rejections the first few rejections, with file, row and reason
   */
  public record Counts(
      long rows, long used, long rejected, long ignoredFiles, List<String> rejections) {
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
          both);
    }
  }

  /**
   * Looks at the input; reads nothing yet but the first bytes.
   *
   * @param path folder, archive, file, or {@code -} for standard input
   * @throws UlmfitException (bad data) if it is missing; (usage) if the options contradict it
   */
  public static CorpusReader open(Path path, CorpusOptions options) {
    return open(path, options, Expectation.of(Labels.OPTIONAL));
  }

  /**
   * Looks at the input; reads nothing yet but its start.
   *
   * @param path folder, archive, file, or {@code -} for standard input
   * @param expectation what is needed of it
   * @throws UlmfitException (bad data) if it is missing, or if it is not clear what in it is meant;
   *     (usage) if the options contradict it
   */
  public static CorpusReader open(Path path, CorpusOptions options, Expectation expectation) {
    CorpusOptions alone = options.withValid(null).withTest(null);
    List<Function<CorpusReader, CorpusReader>> further = new ArrayList<>();
    if (options.valid() != null) {
      further.add(first -> first.beside(options.valid(), alone, Split.VALID));
    }
    if (options.test() != null) {
      further.add(first -> first.beside(options.test(), alone, Split.TEST));
    }
    return new CorpusReader(path, alone, expectation, null, further);
  }

  /** A further file, read as this one where it has the same columns. */
  private CorpusReader beside(Path file, CorpusOptions alone, Split split) {
    Labels labels = expectation.labels() == Labels.UNUSED ? Labels.UNUSED : Labels.REQUIRED;
    InputColumns columns = layout.format() == Format.FOLDER ? null : layout.remembered();
    return new CorpusReader(file, alone, new Expectation(labels, columns), split, List.of());
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
    RowGate intake =
        new RowGate(
            sink,
            options.onBadRow() == OnBadRow.FAIL,
            expectation.labels() != Expectation.Labels.UNUSED);
    try {
      read(intake);
    } catch (IOException e) {
      throw source.unreadable(e);
    }
    counts = intake.counts();
    if (counts.used() == 0) {
      throw UlmfitException.badData(source.name() + ": " + emptiness());
    }
    for (CorpusReader one : further) {
      one.forEach(sink);
      counts = counts.plus(one.counts);
    }
  }

  /** Counts of the last reading. */
  public Counts counts() {
    return counts;
  }

  /** Whether the order of documents is the corpus's own; false for an archive: sort by id. */
  public boolean ordered() {
    return layout.format() != Format.TAR;
  }

  /** The format found. */
  public Format format() {
    return layout.format();
  }

  /** What was found and how it is read, a line for each file: to be told before work begins. */
  public List<String> found() {
    List<String> lines = new ArrayList<>();
    lines.add(layout.line());
    further.forEach(one -> lines.addAll(one.found()));
    return lines;
  }

  /** Which columns are read, for a model to remember. */
  public InputColumns columns() {
    return layout.remembered();
  }

  /** After a reading without labels: why there are none and what to do. */
  public String whyUnlabelled() {
    Columns columns = layout.columns();
    return columns == null || columns.label() >= 0
        ? "it holds no labels; give a folder per label, or a table or JSON with a label in each row"
        : columns.whyUnlabelled();
  }

  private void read(RowGate intake) throws IOException {
    if (layout.format() == Format.FOLDER) {
      new FileTree(source.name(), options, forced, intake).readFolder(path);
      return;
    }
    try (InputStream in = source.open()) {
      if (layout.format() == Format.TAR) {
        new FileTree(source.name(), options, forced, intake).readTar(in);
      } else {
        read(Readers.open(in, layout, options, false), intake);
      }
    }
  }

  private void read(RowReader rows, RowGate intake) throws IOException {
    String file = source.name();
    for (Row row = rows.next(); row != null; row = rows.next()) {
      String where = row.where(file);
      if (row.problem() != null) {
        intake.reject(where, row.problem());
        continue;
      }
      Split given = row.split() == null ? null : split(row.split());
      if (row.split() != null && given == null) {
        intake.reject(
            where,
            "'"
                + row.split()
                + "' is no split (train, valid, test, unsup; --split-column none ignores it)");
        continue;
      }
      String id =
          row.id() == null || row.id().equals("null") ? file + ":" + row.number() : row.id();
      List<String> labels = given == Split.UNSUP ? List.of() : row.labels();
      intake.row(where, given, forced, new Document(id, row.fields(), labels));
    }
  }

  private Split split(String name) {
    boolean column = layout.columns() != null && layout.columns().split() >= 0;
    return column ? layout.columns().splitOf(name) : Columns.namedSplit(name);
  }

  private String emptiness() {
    if (counts.rejected() > 0) {
      return "all "
          + counts.rejected()
          + " rows were rejected, the first: "
          + counts.rejections().get(0);
    }
    return switch (layout.format()) {
      case FOLDER, TAR ->
          "no documents; expected LABEL/*.txt or train/LABEL/*.txt ("
              + counts.ignoredFiles()
              + " other files)";
      default -> "empty; give a file with one document per row";
    };
  }

  private Layout folder() {
    if (options.format() != Format.AUTO && options.format() != Format.FOLDER) {
      throw UlmfitException.usage(
          path
              + ": a folder, but --format "
              + options.format().name().toLowerCase(Locale.ROOT)
              + " reads a file; leave --format out, or name the file");
    }
    return Layout.of(source.name(), Format.FOLDER, options.charset(), false);
  }

  private Layout file() {
    if (options.format() == Format.FOLDER) {
      throw UlmfitException.usage(source.name() + ": not a folder; leave --format out");
    }
    return new LayoutFinder(source, options, expectation).find();
  }
}
