package org.ulmfit.corpus;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusOptions.Format;
import org.ulmfit.corpus.CorpusOptions.Header;

/** Looks at the start of a file and decides what it is, for every command that reads one. */
final class LayoutFinder {
  private static final int SAMPLE = 400;
  private static final Columns EMPTY =
      new Columns(false, List.of(), List.of(), -1, -1, -1, List.of(), false, List.of(), List.of());

  private final Source source;
  private final String file;
  private final CorpusOptions options;
  private final Expectation expectation;
  private final LabelFinder labels;

  LayoutFinder(Source source, CorpusOptions options, Expectation expectation) {
    this.source = source;
    this.file = source.name();
    this.options = options;
    this.expectation = expectation;
    this.labels = new LabelFinder(file, options, expectation);
  }

  /**
   * The layout of a file or of standard input.
   *
   * @throws UlmfitException (bad data) where it is not clear what is meant; (usage) if the options
   *     contradict the input
   */
  Layout find() {
    Format asked = options.linePattern() == null ? options.format() : Format.LINES;
    byte[] bytes = source.head(linesNeeded(asked));
    if (asked == Format.TAR || asked == Format.AUTO && FormatFinder.isTar(bytes)) {
      checkFields(file, expectation);
      RowLabels ofFolders = LabelFinder.ofFolders(file, options, expectation);
      return Layout.of(file, Format.TAR, null, false, ofFolders);
    }
    if (asked == Format.AUTO) {
      FormatFinder.refuseForeign(file, bytes);
    }
    Charset charset = Encoding.of(file, bytes, options.charset());
    if (options.charset() == null) {
      Encoding.refuseWide(file, bytes);
    }
    boolean whole = linesNeeded(asked) == 0 && bytes.length < Source.SNIFF && !source.isEarly();
    String head = StrictReader.decodeHead(bytes, charset, file);
    if (options.separator() != null && (asked == Format.AUTO || asked == Format.TSV)) {
      asked = Format.CSV;
    }
    Format format =
        asked == Format.AUTO
            ? new FormatFinder(file, source.shortName(), head, whole).find()
            : asked;
    checkOptions(format);
    return switch (format) {
      case CSV, TSV -> table(format, charset, head, whole, asked == Format.TSV);
      case JSONL, JSON -> json(format, charset, head, whole);
      default -> {
        checkFields(file, expectation);
        yield Layout.of(file, format, charset, oldMac(head), ofLines(format, head));
      }
    };
  }

  /**
   * The layout of a part: the columns and labels of another, by which all are read, its own quotes
   * and line ends.
   *
   * @param watch that sees its first rows, as each of several programs reads some parts alone;
   *     null: none
   * @throws UlmfitException (bad data) naming both if its columns are not those of the other
   */
  Layout ofPart(Layout first, @Nullable SplitWatch watch) {
    Dialect dialect = first.dialect();
    Columns columns = first.columns();
    if (columns == null || source.isEmpty()) {
      return first.named(file);
    }
    byte[] bytes = source.head(0);
    String head = StrictReader.decodeHead(bytes, Encoding.of(file, bytes, options.charset()), file);
    if (dialect == null) { // JSON has its keys in each row
      if (watch != null) {
        List<JsonValue> objects = first.format() == Format.JSON ? ofArray(head) : ofLines(head);
        objects.forEach(o -> watch.row(c -> cell(o.at(columns.names().get(c)))));
      }
      return first.named(file);
    }
    DialectFinder.Reading reading =
        new DialectFinder(head, bytes.length < Source.SNIFF)
            .find(file, dialect.separator(), options.quote(), false);
    List<List<String>> rows = reading.rows();
    boolean same =
        rows.isEmpty()
            || (columns.header()
                ? rows.get(0).equals(columns.names())
                : rows.get(0).size() == columns.width());
    if (!same) {
      throw UlmfitException.badData(
          Shown.format(
              "%s: begins with %s, but %s has the columns %s; write all parts alike",
              file,
              ColumnNames.list(rows.get(0)),
              first.name(),
              ColumnNames.list(columns.names())));
    }
    if (watch != null) {
      rows.stream()
          .skip(columns.header() ? 1 : 0)
          .filter(row -> row.size() == columns.width())
          .forEach(row -> watch.row(row::get));
    }
    return first.ofPart(file, reading.dialect());
  }

  private RowLabels ofLines(Format format, String head) {
    if (format == Format.FASTTEXT) {
      return labels.ofFastText(head);
    }
    String pattern = options.linePattern();
    return labels.ofLines(
        pattern == null || !LineRows.isLabelled(pattern)
            ? null
            : LineRows.labels(head.lines(), pattern));
  }

  /**
   * Lines to wait for where standard input may be answered line by line: one of JSON, whose keys
   * are looked at; of plain lines not more than holds a byte order mark; 0: all there is to see.
   */
  private int linesNeeded(Format asked) {
    boolean stream = source.isStandardInput() && expectation.labels() == Expectation.Labels.UNUSED;
    return stream && (asked == Format.LINES || asked == Format.JSONL || asked == Format.FASTTEXT)
        ? 1
        : 0;
  }

  private void checkOptions(Format format) {
    boolean columns = format.isTable() || format.isJson();
    boolean asked =
        !options.textColumns().isEmpty()
            || options.labelColumn() != null
            || options.splitColumn() != null && !options.splitColumn().equals("none")
            || options.idColumn() != null
            || !options.labelColumns().isEmpty()
            || options.header() == Header.YES;
    if (asked && !columns) {
      throw UlmfitException.usage(
          file
              + ": "
              + Layout.of(file, format, null, false, RowLabels.PLAIN)
                  .line()
                  .substring(file.length() + 2)
              + ", which have no columns; say --format csv, tsv or jsonl if it is one of these");
    }
  }

  /** Of an input whose rows have one text each, whatever is in it. */
  static void checkFields(String file, Expectation expectation) {
    InputColumns trained = expectation.trained();
    if (trained != null && trained.fields() > 1) {
      throw UlmfitException.badData(
          file
              + ": one text a row, but the model was trained on "
              + trained.describe()
              + " text columns; give a table or JSON with these");
    }
  }

  private Layout table(Format format, Charset charset, String head, boolean whole, boolean tabs) {
    DialectFinder finder = new DialectFinder(head, whole);
    Character separator = tabs ? Character.valueOf('\t') : options.separator();
    boolean expected = FormatFinder.saysTabs(source.shortName());
    DialectFinder.Reading reading = finder.find(file, separator, options.quote(), expected);
    List<List<String>> rows = reading.rows();
    if (rows.isEmpty()) {
      if (reading.why() != null) {
        throw UlmfitException.badData(
            file + ": row 1: " + reading.why() + "; mend the quotes of this row");
      }
      return new Layout(file, format, charset, reading.dialect(), EMPTY, false, 0, RowLabels.PLAIN);
    }
    List<String> first = rows.get(0);
    List<List<String>> rest =
        rows.stream().skip(1).filter(row -> row.size() == first.size()).toList();
    refuseOtherTables(rows);
    boolean header = header(first, rest);
    if (!header && options.header() == Header.AUTO) {
      refuseLaterHeader(rows);
    }
    List<String> names = header ? first : ColumnNames.indices(first.size());
    List<List<String>> sample =
        header ? rest : rows.stream().filter(r -> r.size() == first.size()).toList();
    Columns columns = new ColumnFinder(file, header, names, sample, options, expectation).find();
    checkLabels(columns);
    long count = (long) rows.size() + reading.broken() - (header ? 1 : 0);
    return new Layout(
        file,
        format,
        charset,
        reading.dialect(),
        columns,
        false,
        reading.all() ? count : -1,
        labels.ofTable(columns, sample));
  }

  /** What a table of the kinds that are read here never looks like. */
  private void refuseOtherTables(List<List<String>> rows) {
    boolean markdown =
        rows.size() > 1
            && rows.get(1).size() > 1
            && rows.get(1).stream().allMatch(cell -> cell.strip().matches(":?-{2,}:?|"))
            && rows.get(1).stream().anyMatch(cell -> !cell.isBlank());
    if (markdown) {
      throw UlmfitException.badData(
          file + ": a Markdown table; remove its second line and the outer pipes, or write CSV");
    }
    String cell = rows.get(0).get(0);
    boolean quotedWhole =
        rows.get(0).size() == 1
            && List.of(",", ";", "\t", "|").stream()
                .anyMatch(s -> ColumnNames.known(List.of(cell.split(Pattern.quote(s)))) > 1);
    if (quotedWhole && options.separator() == null) {
      throw UlmfitException.badData(
          file
              + ": each row is quoted as a whole ("
              + cell
              + "); remove the quotes around the rows");
    }
  }

  /** A header that does not come first: lines about the table stand above it. */
  private void refuseLaterHeader(List<List<String>> rows) {
    for (int i = 1; i < Math.min(6, rows.size()); i++) {
      if (ColumnNames.known(rows.get(i)) > 1) {
        throw UlmfitException.badData(
            file
                + ": row "
                + (i + 1)
                + " ("
                + ColumnNames.list(rows.get(i))
                + ") looks like the header; remove what stands above it, or say --no-header");
      }
    }
  }

  private boolean header(List<String> first, List<List<String>> rest) {
    if (options.header() != Header.AUTO) {
      return options.header() == Header.YES;
    }
    if (ColumnFinder.asksByName(options) || hasTrainedNames(first)) {
      return true;
    }
    return switch (HeaderRow.of(first, rest)) {
      case HEADER -> true;
      case DATA -> false;
      case UNSURE ->
          throw UlmfitException.badData(
              file
                  + ": does its first row ("
                  + ColumnNames.list(first)
                  + ") name the columns? Say --header or --no-header");
    };
  }

  private boolean hasTrainedNames(List<String> first) {
    InputColumns trained = expectation.trained();
    return trained != null
        && trained.header()
        && !trained.text().isEmpty()
        && first.stream()
            .map(ColumnNames::usual)
            .toList()
            .containsAll(trained.text().stream().map(ColumnNames::usual).toList());
  }

  private Layout json(Format format, Charset charset, String head, boolean whole) {
    List<JsonValue> objects = format == Format.JSON ? ofArray(head) : ofLines(head);
    if (objects.isEmpty()) {
      checkFields(file, expectation);
      return Layout.of(file, format, charset, oldMac(head), labels.ofJson(null, objects));
    }
    Set<String> keys = new LinkedHashSet<>();
    objects.forEach(object -> keys.addAll(object.paths()));
    asked().filter(key -> has(objects, key)).forEach(keys::add);
    List<String> names = List.copyOf(keys);
    List<List<String>> rows =
        objects.stream().map(o -> names.stream().map(k -> cell(o, k)).toList()).toList();
    Columns columns = new ColumnFinder(file, true, names, rows, options, expectation).find();
    if (whole) { // else labels may follow
      checkLabels(columns);
    }
    return new Layout(
        file,
        format,
        charset,
        null,
        columns,
        oldMac(head),
        whole && objects.size() < SAMPLE ? objects.size() : -1,
        labels.ofJson(columns, objects));
  }

  private Stream<String> asked() {
    Stream<String> single =
        Stream.of(options.labelColumn(), options.splitColumn(), options.idColumn());
    return Stream.of(
            options.textColumns().stream(),
            options.labelColumns().stream(),
            single.filter(Objects::nonNull))
        .flatMap(all -> all);
  }

  private static boolean has(List<JsonValue> objects, String key) {
    return objects.stream().anyMatch(object -> object.at(key) != null);
  }

  /** Whether lines end with carriage returns alone. */
  private static boolean oldMac(String head) {
    return head.indexOf('\n') < 0 && head.stripTrailing().indexOf('\r') >= 0;
  }

  /** What a cell of a table would hold; of several labels the first. */
  private String cell(JsonValue object, String key) {
    JsonValue value = object.at(key);
    boolean label = key.equals(options.labelColumn()) || ColumnNames.isLabel(key);
    return label && value != null && value.isArray() && value.items().size() > 1
        ? cell(value.items().get(0))
        : cell(value);
  }

  /** Text is a string alone, so that others look like numbers. */
  private static String cell(@Nullable JsonValue value) {
    if (value == null || value.isNull()) {
      return "";
    }
    if (value.isArray() && value.items().size() == 1 && !value.items().get(0).isObject()) {
      return cell(value.items().get(0)); // ["pos"]
    }
    return value.isString()
        ? value.text()
        : value.isArray() || value.isObject() ? "" : value.text();
  }

  private static List<JsonValue> ofLines(String head) {
    List<JsonValue> objects = new ArrayList<>();
    for (String line : (Iterable<String>) head.lines().limit(SAMPLE)::iterator) {
      try {
        JsonValue value = line.isBlank() ? null : JsonValue.parse(line);
        if (value != null && value.isObject()) {
          objects.add(value);
        }
      } catch (IOException e) {
        // the row reader says so, or the line goes on behind the start
      }
    }
    return objects;
  }

  private static List<JsonValue> ofArray(String head) {
    List<JsonValue> objects = new ArrayList<>();
    try (JsonParser parser = JsonValue.FACTORY.createParser(head)) {
      parser.nextToken();
      while (objects.size() < SAMPLE && parser.nextToken() == JsonToken.START_OBJECT) {
        objects.add(JsonValue.read(parser));
      }
    } catch (IOException e) {
      // the row reader says so, or the object goes on behind the start
    }
    return objects;
  }

  private void checkLabels(Columns columns) {
    if (expectation.labels() == Expectation.Labels.REQUIRED && !columns.hasLabels()) {
      throw UlmfitException.badData(file + ": " + columns.whyUnlabelled());
    }
  }
}
