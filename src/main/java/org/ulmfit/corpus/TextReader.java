package org.ulmfit.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusOptions.Format;

/**
 * The texts of one input, to be answered row by row: the same layouts, found by the same rules, as
 * {@link CorpusReader} reads. No row is ever left out: blank lines are texts, and a row that cannot
 * be read ends the reading.
 */
public final class TextReader implements AutoCloseable {
  private static final long BATCH_CHARS = 4 << 20;
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private final Source source;
  private final Layout layout;
  private final InputStream in;
  private final RowReader rows;
  private final String prefix; // of the numbers of rows without ids
  private long number;

  private TextReader(Source source, Layout layout, InputStream in, RowReader rows, String prefix) {
    this.source = source;
    this.layout = layout;
    this.in = in;
    this.rows = rows;
    this.prefix = prefix;
  }

  /**
   * One text.
   *
   * @param id its own, else its number from 1, of a part {@code PART:NUMBER}
   * @param idIsJson whether the id is JSON other than a string and is written as it is
   * @param fields its text columns
   */
  public record Text(String id, boolean idIsJson, List<String> fields) {}

  /**
   * Opens an input.
   *
   * @param path a file or {@code -}
   * @param stdin what {@code -} stands for
   * @param trained the columns a model was trained on; null: no model
   * @throws UlmfitException (bad data) if it is missing, holds no rows of texts, or if it is not
   *     clear which column is the text
   */
  public static TextReader open(
      Path path, InputStream stdin, CorpusOptions options, @Nullable InputColumns trained) {
    boolean unknown = options.format() == Format.AUTO && options.linePattern() == null;
    Source source =
        path.toString().equals("-") && unknown
            ? Source.patient(path, stdin, PATIENCE_NANOS)
            : Source.of(path, stdin);
    if (!source.isStandardInput() && Files.isDirectory(path)) {
      throw UlmfitException.badData(
          path + ": is a folder, not of files part-*; name a file, or - for standard input");
    }
    if (!source.isStandardInput() && !Files.exists(path)) {
      throw UlmfitException.badData(path + ": no such file; check the path");
    }
    if (options.format() == Format.FOLDER || options.format() == Format.TAR) {
      throw UlmfitException.usage(
          "--format "
              + (options.format() == Format.TAR ? "tar" : "folder")
              + ": name a file of rows");
    }
    return open(source, layout(source, options, trained), options, "");
  }

  /**
   * Opens one of several files of rows, {@link Parts}, which may be empty.
   *
   * @param quotes of all of them
   * @throws UlmfitException as {@link #open(Path, InputStream, CorpusOptions, InputColumns)}
   */
  public static TextReader openPart(
      Path part, PartQuotes quotes, CorpusOptions options, @Nullable InputColumns trained) {
    Source source = Source.of(part);
    Layout layout =
        source.isEmpty()
            ? Layout.of(source.name(), Format.LINES, StandardCharsets.UTF_8, false, RowLabels.PLAIN)
            : quotes.of(layout(source, options, trained));
    return open(source, layout, options, part.getFileName() + ":");
  }

  private static Layout layout(
      Source source, CorpusOptions options, @Nullable InputColumns trained) {
    Expectation expectation = new Expectation(Expectation.Labels.UNUSED, trained);
    return new LayoutFinder(source, options, expectation).find();
  }

  private static TextReader open(
      Source source, Layout layout, CorpusOptions options, String prefix) {
    if (layout.format() == Format.TAR) {
      throw UlmfitException.badData(
          source.name() + ": an archive; unpack it and name a file with a text in each row");
    }
    try {
      InputStream in = source.open();
      RowReader rows = Readers.open(in, layout, options, true);
      return new TextReader(source, layout, in, rows, prefix);
    } catch (IOException e) {
      throw source.unreadable(e);
    }
  }

  /** Whether a part has nothing in it. */
  public boolean isEmpty() {
    return source.isEmpty();
  }

  /** What was found and how it is read. */
  public String found() {
    return layout.line()
        + (source.isEarly() ? " (by what has come so far; --format says otherwise)" : "");
  }

  /** Which columns the texts are, in words that two inputs read alike have in common. */
  public String columns() {
    InputColumns read = layout.remembered();
    return read.header() ? String.join(", ", read.text()) : read.fields() + " unnamed";
  }

  /** Texts of each row. */
  public int fields() {
    Columns columns = layout.columns();
    return columns == null ? 1 : columns.text().size();
  }

  /** Whether each line is simply a text. */
  public boolean isPlain() {
    return layout.format() == Format.LINES;
  }

  /**
   * As many texts as can be had without waiting, but at least one; none at the end of the input.
   *
   * @param most texts at most
   * @throws UlmfitException (bad data) for a row that cannot be read
   */
  public List<Text> batch(int most) {
    List<Text> texts = new ArrayList<>();
    long chars = 0;
    try {
      while (texts.size() < most && chars < BATCH_CHARS && (texts.isEmpty() || rows.ready())) {
        Row row = rows.next();
        if (row == null) {
          break;
        }
        if (row.problem() != null) {
          throw UlmfitException.badData(
              row.where(source.name())
                  + ": "
                  + row.problem()
                  + "; mend it: every row gets an answer");
        }
        number++;
        String id = row.id() == null ? prefix + number : row.id();
        texts.add(new Text(id, row.idIsJson(), row.fields()));
        chars += row.fields().stream().mapToLong(String::length).sum();
      }
    } catch (IOException e) {
      throw source.unreadable(e);
    }
    return texts;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
