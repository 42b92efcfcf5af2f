package org.ulmfit.corpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/**
 * A value of JSON that remembers how its numbers were written.
 *
 * @param kind string, number, true, false, null, start of an array or of an object
 * @param text the string, or the number or word as it stands in the input; empty otherwise
 * @param items of an array; none otherwise
 * @param members of an object, in their order; none otherwise
 */
record JsonValue(
    JsonToken kind, String text, List<JsonValue> items, Map<String, JsonValue> members) {
  /** Longest value, so that a broken file does not fill the heap. */
  static final int MAX_CHARS = 16_000_000;

  static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(MAX_CHARS)
                  .maxNestingDepth(500)
                  .build())
          .build();

  private static final Pattern NOT_A_NUMBER =
      Pattern.compile("'?[-+]?(NaN|Infinity|INF|nan|inf)\\b");

  /** Well-formed so far as the parser sees, but not what is read here. */
  static final class NotJson extends IOException {
    private static final long serialVersionUID = 1;

    NotJson(String what) {
      super(what);
    }
  }

  /** All of a line. */
  static JsonValue parse(String line) throws IOException {
    try (JsonParser parser = FACTORY.createParser(line)) {
      parser.nextToken();
      JsonValue value = required(parser);
      if (parser.nextToken() != null) {
        throw new NotJson("more follows the object: one object a line");
      }
      return value;
    }
  }

  /** The value whose first token the parser has just read; null where it is at its end. */
  static @Nullable JsonValue read(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return null;
    }
    switch (token) {
      case START_ARRAY -> {
        List<JsonValue> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(required(parser));
        }
        return new JsonValue(token, "", items, Map.of());
      }
      case START_OBJECT -> {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          members.put(name, required(parser));
        }
        return new JsonValue(token, "", List.of(), members);
      }
      default -> {
        return new JsonValue(token, parser.getText(), List.of(), Map.of());
      }
    }
  }

  private static JsonValue required(JsonParser parser) throws IOException {
    JsonValue value = read(parser);
    if (value == null) {
      throw new NotJson("the end comes within a value");
    }
    return value;
  }

  boolean isObject() {
    return kind == JsonToken.START_OBJECT;
  }

  boolean isArray() {
    return kind == JsonToken.START_ARRAY;
  }

  boolean isString() {
    return kind == JsonToken.VALUE_STRING;
  }

  boolean isNull() {
    return kind == JsonToken.VALUE_NULL;
  }

  /**
   * The member under a key, or under keys joined by dots.
   *
   * @return null if there is none
   */
  @Nullable JsonValue at(String path) {
    if (members.containsKey(path)) {
      return members.get(path);
    }
    for (int dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
      JsonValue inner = members.get(path.substring(0, dot));
      JsonValue found = inner == null ? null : inner.at(path.substring(dot + 1));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Keys, those of objects within objects joined by dots. */
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    collect("", 0, paths);
    return paths;
  }

  private void collect(String prefix, int depth, List<String> paths) {
    members.forEach(
        (name, value) -> {
          if (value.isObject() && !value.members.isEmpty() && depth < 3) {
            value.collect(prefix + name + ".", depth + 1, paths);
          } else {
            paths.add(prefix + name);
          }
        });
  }

  /** The same value as JSON, without blanks. */
  String json() {
    StringBuilder json = new StringBuilder();
    write(json);
    return json.toString();
  }

  private void write(StringBuilder json) {
    String comma = "";
    if (isArray()) {
      json.append('[');
      for (JsonValue item : items) {
        json.append(comma);
        item.write(json);
        comma = ",";
      }
      json.append(']');
    } else if (isObject()) {
      json.append('{');
      for (Map.Entry<String, JsonValue> member : members.entrySet()) {
        JsonText.quote(member.getKey(), json.append(comma));
        member.getValue().write(json.append(':'));
        comma = ",";
      }
      json.append('}');
    } else if (isString()) {
      JsonText.quote(text, json);
    } else {
      json.append(text);
    }
  }

  /** Why something is no JSON, in words that name no library. */
  static String why(IOException e, String near) {
    if (!(e instanceof JsonProcessingException)) {
      return UlmfitException.reason(e);
    }
    String what = UlmfitException.reason(e);
    if (what.startsWith("Non-standard token") || NOT_A_NUMBER.matcher(what).find()) {
      return "NaN and Infinity are no JSON; write null for a missing value";
    }
    if (what.contains("single-quote") || what.contains("(''' (code 39)")) {
      return "single quotes; JSON has double ones, as Python's json.dumps writes them";
    }
    if (what.startsWith("Unrecognized token") && what.matches(".*'(None|True|False)'.*")) {
      return "None, True or False; JSON has null, true and false, as Python's json.dumps writes them";
    }
    if (what.startsWith("Duplicate field")) {
      return what.replaceFirst("Duplicate field", "a key that stands twice:");
    }
    if (what.startsWith("Unexpected end-of-input") || what.startsWith("Unexpected end-of-file")) {
      return near + " ends too early";
    }
    if (what.contains("exceeds the maximum")) {
      return near + " is longer or deeper than is read (16 million characters, 500 levels)";
    }
    return what.replaceAll("`[^`]*`|[A-Za-z]*\\.?[A-Z_]{6,}[A-Z_.]*", "...")
        .replaceFirst(": enable .*", "");
  }
}
