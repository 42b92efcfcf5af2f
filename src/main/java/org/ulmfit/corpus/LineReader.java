package org.ulmfit.corpus;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.ulmfit.UlmfitException;

/**
 * One document per line: JSONL, fastText, lines by a pattern, plain text. Blank lines are no rows.
 * Articles of a Wikipedia dump are the one layout with documents of many lines.
 *
 * <pre>
 * {"id": "7", "text": "good", "label": "pos"}
 * __label__pos good
 * ENTY:animal What is the fastest fish ?
 * just text, unlabelled
 * </pre>
 */
final class LineReader {
  private static final String FASTTEXT_LABEL = "__label__";
  private static final int MAX_LINE = 16_000_000;

  /** One equals sign: two and more are headings within an article. */
  static final Pattern ARTICLE_TITLE = Pattern.compile(" ?= [^=].* = ?");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String file;
  private final CorpusOptions options;
  private final Split forced;
  private final Intake intake;

  LineReader(String file, CorpusOptions options, Split forced, Intake intake) {
    this.file = file;
    this.options = options;
    this.forced = forced;
    this.intake = intake;
  }

  private interface LineParser {
    void parse(String where, long row, String line);
  }

  void readJson(Reader in) throws IOException {
    lines(in, this::json);
  }

  void readFastText(Reader in) throws IOException {
    lines(in, this::fastText);
  }

  void readPlain(Reader in) throws IOException {
    lines(in, (where, row, line) -> deliver(where, null, id(row), List.of(line), List.of()));
  }

  /**
   * Articles of many lines, each begun by its title as in WikiText; the title is part of the text.
   *
   * <pre>
   *  = Anarchism =
   *
   * Anarchism is a political philosophy that ...
   * </pre>
   */
  void readArticles(Reader in) throws IOException {
    StringBuilder article = new StringBuilder();
    long[] first = {1};
    lines(
        in,
        true,
        (where, row, line) -> {
          if (ARTICLE_TITLE.matcher(line).matches()) {
            article(first[0], article);
            first[0] = row;
          }
          article.append(line).append('\n');
          if (article.length() > MAX_LINE) {
            throw UlmfitException.badData(
                file
                    + ": the article at row "
                    + first[0]
                    + " is longer than 16 million characters; split it");
          }
        });
    article(first[0], article);
  }

  private void article(long row, StringBuilder article) {
    String text = article.toString().strip();
    article.setLength(0);
    if (!text.isEmpty()) {
      deliver(file + ": row " + row, null, id(row), List.of(text), List.of());
    }
  }

  /** By {@code options.linePattern()}. */
  void readPattern(Reader in) throws IOException {
    Pattern pattern = pattern(options.linePattern());
    boolean labelled = options.linePattern().contains("(?<label>");
    lines(
        in,
        (where, row, line) -> {
          Matcher matcher = pattern.matcher(line);
          if (!matcher.matches()) {
            intake.reject(where, "does not match --line-pattern " + pattern);
            return;
          }
          String label = labelled ? matcher.group("label") : null;
          String text = matcher.group("text");
          deliver(where, null, id(row), List.of(text == null ? "" : text), labels(label));
        });
  }

  /** Checks and compiles a line pattern. */
  static Pattern pattern(String regex) {
    if (!regex.contains("(?<text>")) {
      throw UlmfitException.usage(
          "--line-pattern "
              + regex
              + ": no group (?<text>...), for example"
              + " '(?<label>\\S+)\\s+(?<text>.*)'");
    }
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw UlmfitException.usage(
          "--line-pattern " + regex + ": " + e.getDescription() + " at index " + e.getIndex());
    }
  }

  private void fastText(String where, long row, String line) {
    List<String> labels = new ArrayList<>();
    String rest = line.stripLeading();
    while (rest.startsWith(FASTTEXT_LABEL)) {
      int end = 0;
      while (end < rest.length() && !Character.isWhitespace(rest.charAt(end))) {
        end++;
      }
      labels.add(rest.substring(FASTTEXT_LABEL.length(), end));
      rest = rest.substring(end).stripLeading();
    }
    deliver(where, null, id(row), List.of(rest), labels);
  }

  private void json(String where, long row, String line) {
    JsonNode object;
    try {
      object = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      intake.reject(where, "not JSON (" + UlmfitException.reason(e) + ")");
      return;
    }
    if (!object.isObject()) {
      intake.reject(where, "not a JSON object");
      return;
    }
    List<String> keys = options.textColumns().isEmpty() ? List.of("text") : options.textColumns();
    List<String> fields = new ArrayList<>();
    for (String key : keys) {
      JsonNode value = object.get(key);
      if (value == null || !value.isTextual()) {
        intake.reject(where, "no string under \"" + key + "\"; its keys are " + names(object));
        return;
      }
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(value.asText())) {
        intake.reject(where, "half a surrogate pair under \"" + key + "\"");
        return;
      }
      fields.add(value.asText());
    }
    JsonNode split = object.get(options.splitColumn() == null ? "split" : options.splitColumn());
    Split given = split == null ? null : Columns.namedSplit(split.asText());
    if (split != null && given == null) {
      intake.reject(where, "'" + split.asText() + "' is no split (train, valid, test, unsup)");
      return;
    }
    List<String> labels = jsonLabels(object);
    if (labels == null) {
      intake.reject(
          where, "no key \"" + options.labelColumn() + "\"; its keys are " + names(object));
      return;
    }
    String id = object.hasNonNull("id") ? object.get("id").asText() : id(row);
    deliver(where, given, id, fields, given == Split.UNSUP ? List.of() : labels);
  }

  /** Null if a label key was asked for and is not there. */
  private List<String> jsonLabels(JsonNode object) {
    JsonNode value;
    if (options.labelColumn() != null) {
      value = object.get(options.labelColumn());
      if (value == null) {
        return null;
      }
    } else {
      value = object.has("label") ? object.get("label") : object.get("labels");
    }
    List<String> labels = new ArrayList<>();
    if (value != null && value.isArray()) {
      value.forEach(label -> labels.add(label.asText().strip()));
    } else if (value != null && !value.isNull() && !value.asText().isBlank()) {
      labels.add(value.asText().strip());
    }
    return labels;
  }

  private static String names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return String.join(", ", names);
  }

  private void deliver(
      String where, Split split, String id, List<String> fields, List<String> labels) {
    intake.row(where, split, forced, new Document(id, fields, labels));
  }

  private static List<String> labels(String label) {
    return label == null || label.isBlank() ? List.of() : List.of(label.strip());
  }

  private String id(long row) {
    return file + ":" + row;
  }

  private void lines(Reader in, LineParser parser) throws IOException {
    lines(in, false, parser);
  }

  private void lines(Reader in, boolean blank, LineParser parser) throws IOException {
    char[] buffer = new char[1 << 16];
    StringBuilder line = new StringBuilder();
    long row = 1;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      int start = 0;
      for (int i = 0; i < n; i++) {
        if (buffer[i] == '\n') {
          line.append(buffer, start, i - start);
          line(row++, line, blank, parser);
          start = i + 1;
        }
      }
      line.append(buffer, start, n - start);
      if (line.length() > MAX_LINE) {
        throw UlmfitException.badData(
            file + ": row " + row + " is longer than 16 million characters; split it");
      }
    }
    line(row, line, blank, parser);
  }

  private void line(long row, StringBuilder line, boolean blank, LineParser parser) {
    if (line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
      line.setLength(line.length() - 1);
    }
    String text = line.toString();
    line.setLength(0);
    if (blank || !text.isBlank()) {
      parser.parse(file + ": row " + row, row, text);
    }
  }
}
