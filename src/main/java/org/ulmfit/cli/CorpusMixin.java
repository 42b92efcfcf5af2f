package org.ulmfit.cli;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.CorpusOptions.Format;
import org.ulmfit.corpus.CorpusOptions.Header;
import org.ulmfit.corpus.CorpusOptions.OnBadRow;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The corpus and how it is to be read: the same options in every command that takes one. */
final class CorpusMixin {
  @Parameters(
      paramLabel = "CORPUS",
      description =
          "A folder per label (train/pos/*.txt), the same in a .tar.gz, a CSV, TSV, JSONL or"
              + " fastText file (also .gz), lines with --line-pattern, Wikipedia articles that begin"
              + " with ' = Title = ', or - for standard input.")
  private Path corpus;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = ChoiceConverter.Format.class,
      defaultValue = "auto",
      description = "auto (default), folder, tar, csv, tsv, jsonl, fasttext, lines or articles.")
  private Format format;

  @Option(
      names = "--charset",
      paramLabel = "NAME",
      converter = CharsetConverter.class,
      description = "Encoding of the text (default: UTF-8, strictly).")
  private Charset charset = StandardCharsets.UTF_8;

  @Option(
      names = "--header",
      negatable = true,
      description = "Whether the first row names the columns (default: found out).")
  private Boolean header;

  @Option(
      names = {"--text-column", "--text-columns"},
      paramLabel = "COLUMN",
      split = ",",
      description = "Text columns by name or 0-based index; several are joined as fields.")
  private List<String> textColumns = List.of();

  @Option(
      names = "--label-column",
      paramLabel = "COLUMN",
      description = "Column of the label, by name or index.")
  private String labelColumn;

  @Option(
      names = "--split-column",
      paramLabel = "COLUMN",
      description = "Column that holds train, valid, test or unsup, or true/false for validation.")
  private String splitColumn;

  @Option(names = "--quote", description = "TSV fields may be quoted; CSV fields always may.")
  private boolean quote;

  @Option(
      names = "--line-pattern",
      paramLabel = "REGEX",
      description =
          "Regular expression of a line with the named groups (?<text>...) and (?<label>...).")
  private String linePattern;

  @Option(
      names = "--on-bad-row",
      paramLabel = "ACTION",
      converter = ChoiceConverter.OnBadRow.class,
      defaultValue = "fail",
      description =
          "fail (default) or skip; skipped rows are counted, and listed in the prepared data's"
              + " rejected.jsonl.")
  private OnBadRow onBadRow;

  @Option(
      names = "--valid",
      paramLabel = "FILE",
      description = "A second file or folder, all of it validation data.")
  private Path valid;

  @Option(
      names = "--test",
      paramLabel = "FILE",
      description = "A further file or folder, all of it test data.")
  private Path test;

  @Option(
      names = "--limit",
      paramLabel = "N",
      converter = Count.class,
      description = "Use at most N documents of a split (default: all).")
  private int limit;

  Path corpus() {
    return corpus;
  }

  /** 0 = all. */
  int limit() {
    return limit;
  }

  CorpusOptions options() {
    Header row = header == null ? Header.AUTO : header ? Header.YES : Header.NO;
    return new CorpusOptions(
        format,
        charset,
        row,
        textColumns,
        labelColumn,
        splitColumn,
        quote,
        linePattern,
        onBadRow,
        valid,
        test);
  }

  /** A number of things, at least one. */
  static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String given) {
      try {
        int n = Integer.parseInt(given);
        if (n > 0) {
          return n;
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw new TypeConversionException("'" + given + "' is not a whole number above 0");
    }
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
}
