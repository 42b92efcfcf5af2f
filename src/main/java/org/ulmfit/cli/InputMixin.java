package org.ulmfit.cli;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.CorpusOptions.Format;
import org.ulmfit.corpus.CorpusOptions.Header;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.corpus.PartQuotes;
import org.ulmfit.corpus.TextReader;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How an input is read: the same options in every command that reads one. */
final class InputMixin {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = ChoiceConverter.Format.class,
      defaultValue = "auto",
      description =
          "Of the input: auto (default), folder, tar, csv, tsv, jsonl, json (an array), fasttext,"
              + " lines or articles.")
  private Format format;

  @Option(
      names = "--charset",
      paramLabel = "NAME",
      converter = CharsetConverter.class,
      description = "Encoding of the text (default: by its byte order mark, else UTF-8, strictly).")
  private @Nullable Charset charset;

  @Option(
      names = "--separator",
      paramLabel = "CHAR",
      converter = SeparatorConverter.class,
      description =
          "Between the columns of a table, or tab (default: found out of , ; | and tabs).")
  private @Nullable Character separator;

  @Option(
      names = "--header",
      negatable = true,
      description = "Whether the first row of a table names the columns (default: found out).")
  private @Nullable Boolean header;

  @Option(
      names = {"--text-column", "--text-columns"},
      paramLabel = "COLUMN",
      split = ",",
      description =
          "Text columns by name or 0-based index, or keys of JSON (data.text for nested ones);"
              + " several are joined as fields.")
  private List<String> textColumns = List.of();

  @Option(
      names = "--id-column",
      paramLabel = "COLUMN",
      description = "Column or key of the id (default: \"id\", if there is one).")
  private @Nullable String idColumn;

  @Option(
      names = "--quote",
      description = "Fields separated by tabs may be quoted (default: found out).")
  private boolean quote;

  @Option(
      names = "--line-pattern",
      paramLabel = "REGEX",
      description =
          "Regular expression of a line with the named groups (?<text>...) and (?<label>...).")
  private @Nullable String linePattern;

  CorpusOptions options() {
    Header row = header == null ? Header.AUTO : header ? Header.YES : Header.NO;
    CorpusOptions options =
        CorpusOptions.defaults()
            .withFormat(format)
            .withCharset(charset)
            .withHeader(row)
            .withTextColumns(textColumns)
            .withIdColumn(idColumn)
            .withQuote(quote)
            .withLinePattern(linePattern);
    return separator == null ? options : options.withSeparator(separator);
  }

  /**
   * Opens texts to be answered row by row.
   *
   * @param trained the columns a model was trained on; null: no model
   */
  TextReader open(Path file, Console console, @Nullable InputColumns trained) {
    return TextReader.open(file, console.in(), options(), trained);
  }

  /** The same of one of several files of rows. */
  TextReader openPart(Path part, PartQuotes quotes, @Nullable InputColumns trained) {
    return TextReader.openPart(part, quotes, options(), trained);
  }

  static final class CharsetConverter implements ITypeConverter<Charset> {
    @Override
    public Charset convert(String given) {
      try {
        return Charset.forName(given);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "'" + given + "' is no encoding Java knows; for instance ISO-8859-1, windows-1252");
      }
    }
  }

  static final class SeparatorConverter implements ITypeConverter<Character> {
    @Override
    public Character convert(String given) {
      if (given.equals("tab") || given.equals("\\t")) {
        return '\t';
      }
      boolean usable =
          given.length() == 1
              && "\"\r\n\\".indexOf(given.charAt(0)) < 0
              && !Character.isLetterOrDigit(given.charAt(0))
              && !Character.isSurrogate(given.charAt(0));
      if (!usable) {
        throw new TypeConversionException(
            "'"
                + given
                + "' is not one character such as , ; | (or tab); letters, digits, quotes"
                + " and backslashes separate nothing");
      }
      return given.charAt(0);
    }
  }
}
