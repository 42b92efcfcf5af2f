package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.ulmfit.UlmfitException;
import picocli.CommandLine.Option;

/** How the texts to be labelled are laid out. */
final class RowsMixin {
  /** Layout of the input. */
  enum Input {
    AUTO,
    LINES,
    CSV,
    TSV,
    JSONL
  }

  @Option(
      names = "--input",
      paramLabel = "FORMAT",
      converter = ChoiceConverter.PredictInput.class,
      defaultValue = "auto",
      description =
          "Of the input: lines, csv, tsv, jsonl or auto (default): by the file's name, and"
              + " lines for standard input.")
  private Input input;

  @Option(
      names = {"--text-column", "--text-columns"},
      paramLabel = "COLUMN",
      split = ",",
      description =
          "Columns of CSV and TSV by name or 0-based index, or keys of JSONL (default: \"text\", or"
              + " the only column).")
  private List<String> textColumns = List.of();

  @Option(
      names = "--id-column",
      paramLabel = "COLUMN",
      description = "Column or key of the id (default: \"id\", if there is one).")
  private String idColumn;

  @Option(
      names = "--header",
      negatable = true,
      description =
          "Whether the first row of CSV and TSV names the columns (default: if it holds the"
              + " columns asked for).")
  private Boolean header;

  @Option(names = "--quote", description = "TSV fields may be quoted; CSV fields always may.")
  private boolean quote;

  Rows open(Path file, Console console) {
    return switch (format(file)) {
      case JSONL -> new JsonRows(Inputs.lines(file, console), textColumns, idColumn);
      case CSV -> table(file, console, ',', true);
      case TSV -> table(file, console, '\t', quote);
      default -> {
        if (!textColumns.isEmpty() || idColumn != null) {
          throw UlmfitException.usage("plain lines have no columns; add --input csv, tsv or jsonl");
        }
        yield new LineRows(Inputs.lines(file, console));
      }
    };
  }

  private Rows table(Path file, Console console, char separator, boolean quoting) {
    return new TableRows(
        Inputs.stream(file, console),
        Inputs.name(file),
        separator,
        quoting,
        new TableRows.Columns(textColumns, idColumn, header));
  }

  private Input format(Path file) {
    if (input != Input.AUTO) {
      return input;
    }
    String name = file.toString().toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
    if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      return Input.JSONL;
    }
    if (name.endsWith(".csv")) {
      return Input.CSV;
    }
    return name.endsWith(".tsv") || name.endsWith(".tab") ? Input.TSV : Input.LINES;
  }
}
