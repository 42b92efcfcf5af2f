package org.ulmfit.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusOptions.Format;
import org.ulmfit.corpus.CorpusOptions.OnBadRow;

/**
 * A raw corpus: a folder, an archive or files, read as a stream of documents. Rows read = rows used
 * + rows rejected, always; {@link #counts()} tells after {@link #forEach}.
 */
public final class Corpus {
  /** Ids in the order of their UTF-8 bytes, that is by code point. */
  public static final Comparator<String> BY_CODE_POINT = FileTree.Place.BY_CODE_POINT;

  private static final int TAR_MAGIC_AT = 257;

  private final Source source;
  private final Path path;
  private final Format format;
  private final CorpusOptions options;
  private final Split forced;
  private final List<Corpus> further;
  private String whyUnlabelled = "it holds no labels";
  private Counts counts;

  private Corpus(Path path, CorpusOptions options, Split forced, List<Corpus> further) {
    this.path = path;
    this.source = Source.of(path);
    this.options = options;
    this.forced = forced;
    this.further = further;
    if (!source.isStandardInput() && !Files.exists(path)) {
      throw UlmfitException.badData(path + ": no such file or folder; check the path");
    }
    this.format = Files.isDirectory(path) ? folderFormat() : fileFormat();
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
  public static Corpus open(Path path, CorpusOptions options) {
    if (options.linePattern() != null) {
      LineReader.pattern(options.linePattern());
    }
    CorpusOptions alone = options.withValid(null).withTest(null);
    List<Corpus> further = new ArrayList<>();
    if (options.valid() != null) {
      further.add(new Corpus(options.valid(), alone, Split.VALID, List.of()));
    }
    if (options.test() != null) {
      further.add(new Corpus(options.test(), alone, Split.TEST, List.of()));
    }
    return new Corpus(path, alone, null, List.copyOf(further));
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
    Intake intake = new Intake(sink, options.onBadRow() == OnBadRow.FAIL);
    try {
      read(intake);
    } catch (IOException e) {
      throw source.unreadable(e);
    }
    counts = intake.counts();
    if (counts.used() == 0) {
      throw UlmfitException.badData(source.name() + ": " + emptiness());
    }
    for (Corpus one : further) {
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
    return format != Format.TAR;
  }

  /** The format found. */
  public Format format() {
    return format;
  }

  /** After a reading without labels: why there are none and what to do. */
  public String whyUnlabelled() {
    return whyUnlabelled;
  }

  private void read(Intake intake) throws IOException {
    String name = source.name();
    if (format == Format.FOLDER) {
      new FileTree(name, options, forced, intake).readFolder(path);
      return;
    }
    try (InputStream in = source.open()) {
      if (format == Format.TAR) {
        new FileTree(name, options, forced, intake).readTar(in);
        return;
      }
      Reader text = new StrictReader(in, options.charset(), name);
      LineReader lines = new LineReader(name, options, forced, intake);
      switch (format) {
        case CSV -> readTable(intake, text, ',', true);
        case TSV -> readTable(intake, text, '\t', options.quote());
        case JSONL -> lines.readJson(text);
        case FASTTEXT -> lines.readFastText(text);
        case ARTICLES -> lines.readArticles(text);
        default -> {
          if (options.linePattern() == null) {
            lines.readPlain(text);
          } else {
            lines.readPattern(text);
          }
        }
      }
    }
  }

  private void readTable(Intake intake, Reader text, char separator, boolean quoting)
      throws IOException {
    TableReader table = new TableReader(source.name(), options, forced, intake);
    Columns columns = table.read(text, separator, quoting);
    if (columns != null && columns.label() < 0) {
      whyUnlabelled =
          "no column is known to hold the label (its columns are "
              + table.names()
              + "); name it with --label-column";
    }
  }

  private String emptiness() {
    if (counts.rejected() > 0) {
      return "all "
          + counts.rejected()
          + " rows were rejected, the first: "
          + counts.rejections().get(0);
    }
    return switch (format) {
      case FOLDER, TAR ->
          "no documents; expected LABEL/*.txt or train/LABEL/*.txt ("
              + counts.ignoredFiles()
              + " other files)";
      default -> "empty; give a file with one document per row";
    };
  }

  private Format folderFormat() {
    if (options.format() != Format.AUTO && options.format() != Format.FOLDER) {
      throw UlmfitException.usage(
          path
              + ": a folder, but --format "
              + options.format().name().toLowerCase(Locale.ROOT)
              + " reads a file; leave --format out, or name the file");
    }
    return Format.FOLDER;
  }

  private Format fileFormat() {
    if (options.format() == Format.FOLDER) {
      throw UlmfitException.usage(source.name() + ": not a folder; leave --format out");
    }
    if (options.format() != Format.AUTO) {
      return options.format();
    }
    if (options.linePattern() != null) {
      return Format.LINES;
    }
    String name = source.shortName();
    if (name.endsWith(".csv")) {
      return Format.CSV;
    }
    if (name.endsWith(".tsv") || name.endsWith(".tab")) {
      return Format.TSV;
    }
    if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      return Format.JSONL;
    }
    return sniff(source.head());
  }

  private static Format sniff(byte[] head) {
    String start = new String(head, StandardCharsets.ISO_8859_1);
    if (start.startsWith("ustar", TAR_MAGIC_AT)) {
      return Format.TAR;
    }
    String first = start.lines().filter(l -> !l.isBlank()).findFirst().orElse("");
    if (LineReader.ARTICLE_TITLE.matcher(first).matches()) {
      return Format.ARTICLES;
    }
    String line = first.strip();
    if (line.contains("__label__")) {
      return Format.FASTTEXT;
    }
    if (line.startsWith("{\"")) {
      return Format.JSONL;
    }
    return line.indexOf('\t') > 0 ? Format.TSV : Format.LINES;
  }
}
