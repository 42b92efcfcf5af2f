package org.ulmfit.corpus;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.corpus.CorpusOptions.Format;

/**
 * What an input was found to be: every reader goes by it, and the user is told.
 *
 * @param name of the input
 * @param format never AUTO
 * @param charset null for folders and archives, where each file decides
 * @param dialect of a table; null otherwise
 * @param columns of a table or of JSON; null otherwise
 * @param carriageReturns whether lines end with a carriage return alone; of a table see {@code
 *     dialect}
 * @param rows number of rows where the whole input was looked at; -1 = not known
 * @param labels how they are read
 */
record Layout(
    String name,
    Format format,
    @Nullable Charset charset,
    @Nullable Dialect dialect,
    @Nullable Columns columns,
    boolean carriageReturns,
    long rows,
    RowLabels labels) {

  /** Files without columns. */
  static Layout of(
      String name,
      Format format,
      @Nullable Charset charset,
      boolean carriageReturns,
      RowLabels labels) {
    return new Layout(name, format, charset, null, null, carriageReturns, -1, labels);
  }

  /** The same of one file of several. */
  Layout named(String other) {
    return new Layout(other, format, charset, dialect, columns, carriageReturns, rows, labels);
  }

  /** The same of a table that is written in another way. */
  Layout ofPart(String other, Dialect its) {
    return new Layout(other, format, charset, its, columns, carriageReturns, rows, labels);
  }

  /** That of all parts of a folder, by what one of them is. */
  Layout ofParts(String folder, int count) {
    String name = folder + ", " + count + (count == 1 ? " part" : " parts");
    return new Layout(name, format, charset, dialect, columns, carriageReturns, -1, labels);
  }

  /** {@code a.csv: CSV, semicolons, header; text = "Review", label = none, ignored: 0; 60 rows}. */
  String line() {
    StringBuilder line = new StringBuilder(name).append(": ").append(String.join(", ", kind()));
    if (columns != null) {
      line.append("; ").append(String.join(", ", roles(columns, labels.form())));
      if (columns.byContents()) {
        line.append(" (by what they hold; --text-column and --label-column say otherwise)");
      }
    }
    if (columns != null && !columns.missed().isEmpty()) {
      line.append("; the model was trained on \"")
          .append(ColumnNames.list(columns.missed()))
          .append("\", which is not there");
    }
    if (rows >= 0) {
      line.append("; ").append(rows).append(rows == 1 ? " row" : " rows");
    }
    return line.toString();
  }

  private List<String> kind() {
    List<String> kind = new ArrayList<>();
    kind.add(
        switch (format) {
          case FOLDER -> "a folder of text files";
          case TAR -> "an archive of text files";
          case CSV, TSV -> dialect != null && dialect.separator() == '\t' ? "TSV" : "CSV";
          case JSONL -> "JSON lines";
          case JSON -> "a JSON array";
          case FASTTEXT -> "fastText lines";
          case ARTICLES -> "articles, each begun by its title";
          default -> "lines, a text each";
        });
    if (dialect != null && columns != null) {
      kind.addAll(dialect.words());
      kind.add(columns.header() ? "header" : "no header");
    }
    if (carriageReturns) {
      kind.add("rows end with carriage returns");
    }
    if (charset != null && !charset.equals(StandardCharsets.UTF_8)) {
      kind.add(charset.name());
    }
    return kind;
  }

  private static List<String> roles(Columns columns, LabelForm form) {
    List<String> roles = new ArrayList<>();
    String join = columns.text().size() == 1 ? "text = " : "text = " + columns.text().size() + ": ";
    roles.add(
        join + String.join(" + ", columns.text().stream().map(c -> quoted(columns, c)).toList()));
    roles.add(label(columns, form));
    if (columns.split() >= 0) {
      roles.add("split = " + quoted(columns, columns.split()));
    }
    if (columns.id() >= 0) {
      roles.add("id = " + quoted(columns, columns.id()));
    }
    List<Integer> ignored =
        IntStream.range(0, columns.width())
            .filter(
                c ->
                    !columns.text().contains(c)
                        && c != columns.label()
                        && c != columns.split()
                        && c != columns.id()
                        && !columns.flags().contains(c))
            .boxed()
            .toList();
    if (!ignored.isEmpty()) {
      roles.add("ignored: " + ColumnNames.list(columns.names(), ignored));
    }
    return roles;
  }

  private static String label(Columns columns, LabelForm form) {
    if (!columns.flags().isEmpty()) {
      String names = ColumnNames.list(columns.names(), columns.flags());
      return "labels = " + columns.flags().size() + " columns of 0 and 1: " + names;
    }
    if (columns.label() < 0) {
      return "label = none";
    }
    String column = quoted(columns, columns.label());
    String indices = form.names().isEmpty() ? "" : ", indices of " + form.names().size() + " names";
    return form.separator() == null
        ? "label = " + column + indices
        : "labels = " + column + ", separated by \"" + form.separator() + '"' + indices;
  }

  private static String quoted(Columns columns, int column) {
    String shown = ColumnNames.shown(columns.names(), column);
    return columns.header() && !columns.names().get(column).isBlank() ? '"' + shown + '"' : shown;
  }

  /** What a model remembers. */
  InputColumns remembered() {
    return columns == null ? InputColumns.plain() : columns.remembered(labels.form());
  }
}
