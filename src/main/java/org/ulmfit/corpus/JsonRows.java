package org.ulmfit.corpus;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/**
 * Objects of JSON, one on each line or all in an array, which is read as a stream.
 *
 * <pre>
 * {"id": "7", "text": "good", "label": "pos"}
 * [{"text": "good", "labels": ["pos"]}, {"text": "bad", "labels": ["neg"]}]
 * </pre>
 */
abstract sealed class JsonRows implements RowReader {
  private static final List<String> USUAL = List.of("label", "labels");

  final String file;
  private final List<String> text;
  private final List<String> label;
  private final List<String> flags;
  private final boolean labelAsked;
  private final boolean labelFound;
  private final RowLabels reading;
  private final boolean answering;
  private final List<String> split;
  private final List<String> id;
  private final List<String> names;
  private final @Nullable SplitWatch watch;

  private JsonRows(
      Layout layout, CorpusOptions options, boolean answering, @Nullable SplitWatch watch) {
    Columns columns = layout.columns();
    this.names = columns == null ? List.of() : columns.names();
    this.watch = watch;
    this.file = layout.name();
    this.text =
        columns == null
            ? List.of("text")
            : columns.text().stream().map(columns.names()::get).toList();
    this.answering = answering;
    this.reading = layout.labels();
    this.flags =
        columns == null
            ? options.labelColumns()
            : columns.flags().stream().map(columns.names()::get).toList();
    this.labelAsked = options.labelColumn() != null && !options.labelColumn().equals("none");
    this.labelFound = labelAsked || columns != null && columns.label() >= 0;
    this.label = labelKeys(options, columns);
    this.split =
        keys(
            options.splitColumn(),
            columns,
            columns == null ? -1 : columns.split(),
            List.of("split"));
    this.id = keys(options.idColumn(), columns, columns == null ? -1 : columns.id(), List.of("id"));
  }

  /** Keys of the label: the one that was found, then those that may turn up later. */
  static List<String> labelKeys(CorpusOptions options, @Nullable Columns columns) {
    return keys(options.labelColumn(), columns, columns == null ? -1 : columns.label(), USUAL);
  }

  /** The key that was found, then those that may turn up later. */
  private static List<String> keys(
      @Nullable String asked, @Nullable Columns columns, int found, List<String> usual) {
    if ("none".equals(asked)) {
      return List.of();
    }
    if (asked != null) {
      return List.of(columns == null || found < 0 ? asked : columns.names().get(found));
    }
    Stream<String> first =
        columns == null || found < 0 ? Stream.of() : Stream.of(columns.names().get(found));
    return Stream.concat(first, usual.stream()).distinct().toList();
  }

  /**
   * @param answering whether texts are answered row by row, so that labels do not matter
   * @param watch that sees each row; null: none
   */
  static JsonRows lines(
      LineSource lines,
      Layout layout,
      CorpusOptions options,
      boolean answering,
      @Nullable SplitWatch watch) {
    return new OfLines(lines, layout, options, answering, watch);
  }

  static JsonRows array(
      Reader in,
      Layout layout,
      CorpusOptions options,
      boolean answering,
      @Nullable SplitWatch watch)
      throws IOException {
    return new OfArray(in, layout, options, answering, watch);
  }

  Row row(long number, long line, JsonValue object) {
    if (!object.isObject()) {
      return Row.bad(number, line, "not a JSON object");
    }
    List<String> fields = new ArrayList<>();
    for (String key : text) {
      JsonValue value = object.at(key);
      if (value != null && value.isNull()) {
        fields.add(""); // as pandas writes what is missing; of a table the cell is empty
        continue;
      }
      if (value == null || !value.isString()) {
        String keys = "; its keys are " + ColumnNames.list(object.paths());
        return Row.bad(number, line, "no string under \"" + key + "\"" + keys);
      }
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(value.text())) {
        return Row.bad(number, line, "half a surrogate pair under \"" + key + "\"");
      }
      fields.add(value.text());
    }
    if (watch != null) {
      watch.row(column -> text(object.at(names.get(column))));
    }
    @Nullable List<String> labels = null;
    @Nullable String problem = null;
    try {
      labels = answering ? null : labels(object);
    } catch (RowLabels.BadLabels e) {
      problem = e.what;
    }
    JsonValue splitOf = first(object, split);
    JsonValue own = first(object, id);
    return new Row(
        number,
        line,
        own == null ? null : own.isString() ? own.text() : own.json(),
        own != null && !own.isString(),
        fields,
        labels,
        splitOf == null || splitOf.isNull()
            ? null
            : splitOf.isString() ? splitOf.text() : splitOf.json(),
        null,
        problem);
  }

  /** The value of the first of the keys that is there. */
  private static @Nullable JsonValue first(JsonValue object, List<String> keys) {
    for (String key : keys) {
      JsonValue value = object.at(key);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /**
   * The same of a label, of which rows that were joined may have null under the one of its two
   * usual keys and a value under the other.
   */
  static @Nullable JsonValue firstLabel(JsonValue object, List<String> keys) {
    JsonValue none = null;
    for (String key : keys) {
      JsonValue value = object.at(key);
      if (value != null && (!value.isNull() || !USUAL.contains(key))) {
        return value;
      }
      none = none == null ? value : none;
    }
    return none;
  }

  private static String text(@Nullable JsonValue value) {
    return value == null || value.isNull() || value.isArray() || value.isObject()
        ? ""
        : value.text();
  }

  /** Null: it is not labelled. */
  private @Nullable List<String> labels(JsonValue object) throws RowLabels.BadLabels {
    if (!flags.isEmpty()) {
      return flagged(object);
    }
    JsonValue value = firstLabel(object, label);
    if (value == null && labelAsked && !reading.isMulti()) {
      String keys = ColumnNames.list(object.paths());
      throw new RowLabels.BadLabels("no key \"" + label.get(0) + "\"; its keys are " + keys);
    }
    if (value == null || value.isNull() || value.isObject() && !labelFound) {
      return null; // the keys of an object were looked at, and none is the label
    }
    if (!value.isArray()) {
      return reading.ofCell(label(value));
    }
    List<String> items = new ArrayList<>();
    for (JsonValue item : value.items()) {
      items.add(label(item));
    }
    return reading.ofList(items);
  }

  private static String label(JsonValue value) throws RowLabels.BadLabels {
    if (value.isArray() || value.isObject() || value.isNull()) {
      throw new RowLabels.BadLabels("its label is neither a string nor a number, true or false");
    }
    return value.text();
  }

  private @Nullable List<String> flagged(JsonValue object) throws RowLabels.BadLabels {
    List<@Nullable String> cells = new ArrayList<>();
    for (String key : flags) {
      JsonValue value = object.at(key);
      if (value == null || value.isNull()) {
        cells.add(null);
      } else if (value.isArray() || value.isObject()) {
        throw new RowLabels.BadLabels(
            "label column \"" + key + "\" holds a list or an object, which is neither 0 nor 1");
      } else {
        cells.add(value.text());
      }
    }
    return reading.ofColumns(cells);
  }

  /** One object a line. */
  private static final class OfLines extends JsonRows {
    private final LineSource lines;

    OfLines(
        LineSource lines,
        Layout layout,
        CorpusOptions options,
        boolean answering,
        @Nullable SplitWatch watch) {
      super(layout, options, answering, watch);
      this.lines = lines;
    }

    @Override
    public @Nullable Row next() throws IOException {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (!line.isBlank()) {
          return row(lines.number(), line);
        }
      }
      return null;
    }

    private Row row(long number, String line) {
      try {
        return row(number, number, JsonValue.parse(line));
      } catch (IOException e) {
        return Row.bad(number, number, "not JSON (" + JsonValue.why(e, "the line") + ")");
      }
    }

    @Override
    public boolean ready() throws IOException {
      return lines.ready();
    }
  }

  /** All in one array. What is not JSON ends it: where the next object begins is not known. */
  private static final class OfArray extends JsonRows {
    private final Bounded in;
    private final JsonParser parser;
    private long number;
    private boolean ended;

    OfArray(
        Reader in,
        Layout layout,
        CorpusOptions options,
        boolean answering,
        @Nullable SplitWatch watch)
        throws IOException {
      super(layout, options, answering, watch);
      this.in = new Bounded(in);
      this.parser = JsonValue.FACTORY.createParser(this.in);
    }

    @Override
    public @Nullable Row next() throws IOException {
      if (ended) {
        return null;
      }
      number++;
      in.mark();
      try {
        if (number == 1 && parser.nextToken() != JsonToken.START_ARRAY) {
          throw new JsonValue.NotJson(parser.currentToken() == null ? "it is empty" : "no array");
        }
        if (parser.nextToken() == JsonToken.END_ARRAY) {
          ended = true;
          if (parser.nextToken() != null) {
            throw new JsonValue.NotJson("more follows the array");
          }
          return null;
        }
        long line = parser.currentTokenLocation().getLineNr();
        JsonValue value = JsonValue.read(parser);
        if (value == null) {
          throw new JsonValue.NotJson("the array ends too early");
        }
        return row(number, line, value);
      } catch (JsonProcessingException | JsonValue.NotJson e) {
        Row bad = Row.bad(number, parser.currentLocation().getLineNr(), "");
        throw UlmfitException.badData(
            bad.where(file) + ": not JSON (" + JsonValue.why(e, "the array") + "); mend it there");
      }
    }

    @Override
    public boolean ready() throws IOException {
      return in.ready();
    }
  }

  /** Refuses to read on and on for one object. */
  private static final class Bounded extends FilterReader {
    private long read;

    Bounded(Reader in) {
      super(in);
    }

    void mark() {
      read = 0;
    }

    @Override
    public int read(char[] target, int from, int length) throws IOException {
      int n = super.read(target, from, Math.min(length, 1 << 13));
      read += Math.max(0, n);
      if (read > JsonValue.MAX_CHARS) {
        throw new JsonValue.NotJson("an object is longer than 16 million characters; split it");
      }
      return n;
    }
  }
}
