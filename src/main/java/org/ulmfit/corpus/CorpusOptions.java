package org.ulmfit.corpus;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * How a corpus is to be read; {@link #defaults()} finds out what it can.
 *
 * @param format how the input is laid out
 * @param charset encoding of the text, strict
 * @param header whether the first row of CSV and TSV names the columns; AUTO: if a column is asked
 *     for by name, or if it holds a usual name of a text column
 * @param textColumns text columns of CSV and TSV, or keys of JSONL, by name or 0-based index;
 *     empty: the column with a usual name, without header all but the label
 * @param labelColumn by name or index; null: the column with a usual name, without header the first
 *     of several
 * @param splitColumn by name or index; values train, valid, test, unsup, or true/false for "is
 *     valid"; null: a column with a usual name ({@code split}, {@code is_valid}), else none
 * @param quote whether TSV fields may be quoted; CSV fields always may
 * @param linePattern regular expression with the named groups {@code text} and, where there are
 *     labels, {@code label}; makes the format LINES
 * @param onBadRow what to do with a row that cannot be used
 * @param valid a second file or folder, all of it validation data; null: none
 * @param test a further file or folder, all of it test data; null: none
 */
public record CorpusOptions(
    Format format,
    Charset charset,
    Header header,
    List<String> textColumns,
    String labelColumn,
    String splitColumn,
    boolean quote,
    String linePattern,
    OnBadRow onBadRow,
    Path valid,
    Path test) {

  /** Layout of the input; AUTO goes by folder, file name and first line. */
  public enum Format {
    AUTO,
    FOLDER,
    TAR,
    CSV,
    TSV,
    JSONL,
    FASTTEXT,
    LINES,
    ARTICLES
  }

  /** Whether there is a header row. */
  public enum Header {
    AUTO,
    YES,
    NO
  }

  /** What happens to a row that cannot be used; skipped rows are counted and reported. */
  public enum OnBadRow {
    FAIL,
    SKIP
  }

  public CorpusOptions {
    textColumns = List.copyOf(textColumns);
  }

  /** Everything found out from the input, UTF-8, bad rows fail. */
  public static CorpusOptions defaults() {
    return new CorpusOptions(
        Format.AUTO,
        StandardCharsets.UTF_8,
        Header.AUTO,
        List.of(),
        null,
        null,
        false,
        null,
        OnBadRow.FAIL,
        null,
        null);
  }

  public CorpusOptions withFormat(Format format) {
    return new CorpusOptions(
        format,
        charset,
        header,
        textColumns,
        labelColumn,
        splitColumn,
        quote,
        linePattern,
        onBadRow,
        valid,
        test);
  }

  public CorpusOptions withCharset(Charset charset) {
    return new CorpusOptions(
        format,
        charset,
        header,
        textColumns,
        labelColumn,
        splitColumn,
        quote,
        linePattern,
        onBadRow,
        valid,
        test);
  }

  public CorpusOptions withHeader(Header header) {
    return new CorpusOptions(
        format,
        charset,
        header,
        textColumns,
        labelColumn,
        splitColumn,
        quote,
        linePattern,
        onBadRow,
        valid,
        test);
  }

  public CorpusOptions withTextColumns(List<String> textColumns) {
    return new CorpusOptions(
        format,
        charset,
        header,
        textColumns,
        labelColumn,
        splitColumn,
        quote,
        linePattern,
        onBadRow,
        valid,
        test);
  }

  public CorpusOptions withLabelColumn(String labelColumn) {
    return new CorpusOptions(
        format,
        charset,
        header,
        textColumns,
        labelColumn,
        splitColumn,
        quote,
        linePattern,
        onBadRow,
        valid,
        test);
  }

  public CorpusOptions withSplitColumn(String splitColumn) {
    return new CorpusOptions(
        format,
        charset,
        header,
        textColumns,
        labelColumn,
        splitColumn,
        quote,
        linePattern,
        onBadRow,
        valid,
        test);
  }

  public CorpusOptions withQuote(boolean quote) {
    return new CorpusOptions(
        format,
        charset,
        header,
        textColumns,
        labelColumn,
        splitColumn,
        quote,
        linePattern,
        onBadRow,
        valid,
        test);
  }

  public CorpusOptions withLinePattern(String linePattern) {
    return new CorpusOptions(
        format,
        charset,
        header,
        textColumns,
        labelColumn,
        splitColumn,
        quote,
        linePattern,
        onBadRow,
        valid,
        test);
  }

  public CorpusOptions withOnBadRow(OnBadRow onBadRow) {
    return new CorpusOptions(
        format,
        charset,
        header,
        textColumns,
        labelColumn,
        splitColumn,
        quote,
        linePattern,
        onBadRow,
        valid,
        test);
  }

  public CorpusOptions withValid(Path valid) {
    return new CorpusOptions(
        format,
        charset,
        header,
        textColumns,
        labelColumn,
        splitColumn,
        quote,
        linePattern,
        onBadRow,
        valid,
        test);
  }

  public CorpusOptions withTest(Path test) {
    return new CorpusOptions(
        format,
        charset,
        header,
        textColumns,
        labelColumn,
        splitColumn,
        quote,
        linePattern,
        onBadRow,
        valid,
        test);
  }
}
