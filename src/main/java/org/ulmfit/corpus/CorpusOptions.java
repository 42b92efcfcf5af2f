package org.ulmfit.corpus;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;

/**
 * How an input is to be read; {@link #defaults()} finds out what it can.
 *
 * @param format how the input is laid out
 * @param charset encoding of the text, strict; null: by its byte order mark, else UTF-8
 * @param separator between the columns of a table; null: found out
 * @param header whether the first row of a table names the columns; AUTO: found out
 * @param textColumns text columns of a table by name or 0-based index, or keys of JSON ({@code
 *     data.text} for nested ones); empty: found out
 * @param labelColumn by name or index; null: found out
 * @param splitColumn by name or index; values train, valid, test, unsup, or true/false for "is
 *     valid"; null: a column with a usual name ({@code split}, {@code is_valid}), else none
 * @param idColumn by name or index; null: the column {@code id}, if there is one
 * @param quote whether fields separated by tabs may be quoted; others always may
 * @param linePattern regular expression with the named groups {@code text} and, where there are
 *     labels, {@code label}; makes the format LINES
 * @param onBadRow what to do with a row that cannot be used
 * @param labelling how many labels a row has; null: found out
 * @param labelSeparator between the labels of a cell, blanks for any number of them; null: a cell
 *     is one label
 * @param labelColumns columns of 0 and 1, one a label, by name or index; empty: none
 * @param labelNames file with the name of a label on each line; labels are their indices, from 0;
 *     null: labels are names themselves
 */
public record CorpusOptions(
    Format format,
    @Nullable Charset charset,
    @Nullable Character separator,
    Header header,
    List<String> textColumns,
    @Nullable String labelColumn,
    @Nullable String splitColumn,
    @Nullable String idColumn,
    boolean quote,
    @Nullable String linePattern,
    OnBadRow onBadRow,
    @Nullable Labelling labelling,
    @Nullable String labelSeparator,
    List<String> labelColumns,
    @Nullable Path labelNames) {

  /** Layout of the input; AUTO goes by what the input holds, and by its name. */
  public enum Format {
    AUTO,
    FOLDER,
    TAR,
    /** A table with commas, semicolons, tabs, pipes or {@link #separator} between the columns. */
    CSV,
    /** A table with tabs. */
    TSV,
    /** An object on each line. */
    JSONL,
    /** An array of objects. */
    JSON,
    FASTTEXT,
    LINES,
    ARTICLES;

    /** Whether rows have named or numbered columns. */
    public boolean isTable() {
      return this == CSV || this == TSV;
    }

    /** Whether rows are JSON objects. */
    public boolean isJson() {
      return this == JSONL || this == JSON;
    }
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
    labelColumns = List.copyOf(labelColumns);
    if (labelSeparator != null && !labelSeparator.isBlank()) {
      labelSeparator = labelSeparator.strip(); // blanks around it are none of a label's
    }
  }

  /** Everything found out from the input, bad rows fail. */
  public static CorpusOptions defaults() {
    return new Draft().done();
  }

  public CorpusOptions withFormat(Format format) {
    return with(draft -> draft.format(format));
  }

  public CorpusOptions withCharset(@Nullable Charset charset) {
    return with(draft -> draft.charset(charset));
  }

  public CorpusOptions withSeparator(char separator) {
    return with(draft -> draft.separator(separator));
  }

  public CorpusOptions withHeader(Header header) {
    return with(draft -> draft.header(header));
  }

  public CorpusOptions withTextColumns(List<String> textColumns) {
    return with(draft -> draft.textColumns(textColumns));
  }

  public CorpusOptions withLabelColumn(@Nullable String labelColumn) {
    return with(draft -> draft.labelColumn(labelColumn));
  }

  public CorpusOptions withSplitColumn(@Nullable String splitColumn) {
    return with(draft -> draft.splitColumn(splitColumn));
  }

  public CorpusOptions withIdColumn(@Nullable String idColumn) {
    return with(draft -> draft.idColumn(idColumn));
  }

  public CorpusOptions withQuote(boolean quote) {
    return with(draft -> draft.quote(quote));
  }

  public CorpusOptions withLinePattern(@Nullable String linePattern) {
    return with(draft -> draft.linePattern(linePattern));
  }

  public CorpusOptions withOnBadRow(OnBadRow onBadRow) {
    return with(draft -> draft.onBadRow(onBadRow));
  }

  public CorpusOptions withLabelling(@Nullable Labelling labelling) {
    return with(draft -> draft.labelling(labelling));
  }

  public CorpusOptions withLabelSeparator(@Nullable String labelSeparator) {
    return with(draft -> draft.labelSeparator(labelSeparator));
  }

  public CorpusOptions withLabelColumns(List<String> labelColumns) {
    return with(draft -> draft.labelColumns(labelColumns));
  }

  public CorpusOptions withLabelNames(@Nullable Path labelNames) {
    return with(draft -> draft.labelNames(labelNames));
  }

  private CorpusOptions with(UnaryOperator<Draft> change) {
    return change.apply(new Draft(this)).done();
  }

  /** The components one at a time. */
  private static final class Draft {
    private Format format = Format.AUTO;
    private @Nullable Charset charset;
    private @Nullable Character separator;
    private Header header = Header.AUTO;
    private List<String> textColumns = List.of();
    private @Nullable String labelColumn;
    private @Nullable String splitColumn;
    private @Nullable String idColumn;
    private boolean quote;
    private @Nullable String linePattern;
    private OnBadRow onBadRow = OnBadRow.FAIL;
    private @Nullable Labelling labelling;
    private @Nullable String labelSeparator;
    private List<String> labelColumns = List.of();
    private @Nullable Path labelNames;

    Draft() {}

    Draft(CorpusOptions from) {
      format = from.format;
      charset = from.charset;
      separator = from.separator;
      header = from.header;
      textColumns = from.textColumns;
      labelColumn = from.labelColumn;
      splitColumn = from.splitColumn;
      idColumn = from.idColumn;
      quote = from.quote;
      linePattern = from.linePattern;
      onBadRow = from.onBadRow;
      labelling = from.labelling;
      labelSeparator = from.labelSeparator;
      labelColumns = from.labelColumns;
      labelNames = from.labelNames;
    }

    Draft format(Format value) {
      format = value;
      return this;
    }

    Draft charset(@Nullable Charset value) {
      charset = value;
      return this;
    }

    Draft separator(Character value) {
      separator = value;
      return this;
    }

    Draft header(Header value) {
      header = value;
      return this;
    }

    Draft textColumns(List<String> value) {
      textColumns = value;
      return this;
    }

    Draft labelColumn(@Nullable String value) {
      labelColumn = value;
      return this;
    }

    Draft splitColumn(@Nullable String value) {
      splitColumn = value;
      return this;
    }

    Draft idColumn(@Nullable String value) {
      idColumn = value;
      return this;
    }

    Draft quote(boolean value) {
      quote = value;
      return this;
    }

    Draft linePattern(@Nullable String value) {
      linePattern = value;
      return this;
    }

    Draft onBadRow(OnBadRow value) {
      onBadRow = value;
      return this;
    }

    Draft labelling(@Nullable Labelling value) {
      labelling = value;
      return this;
    }

    Draft labelSeparator(@Nullable String value) {
      labelSeparator = value;
      return this;
    }

    Draft labelColumns(List<String> value) {
      labelColumns = value;
      return this;
    }

    Draft labelNames(@Nullable Path value) {
      labelNames = value;
      return this;
    }

    CorpusOptions done() {
      return new CorpusOptions(
          format,
          charset,
          separator,
          header,
          textColumns,
          labelColumn,
          splitColumn,
          idColumn,
          quote,
          linePattern,
          onBadRow,
          labelling,
          labelSeparator,
          labelColumns,
          labelNames);
    }
  }
}
