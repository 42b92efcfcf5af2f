package org.ulmfit.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.ulmfit.Shown;

/**
 * The body of a request: {@code {"text": "..."}} or {@code {"texts": ["...", ...]}}; of a model of
 * several columns each text is an array of them. To explain, {@code "labels"} may name some.
 *
 * @param rows fields of each text
 * @param several whether they were given as {@code texts}
 * @param labels to be explained; none: those that are answered
 */
record Question(List<List<String>> rows, boolean several, List<String> labels) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads one.
   *
   * @param fields texts of a row
   * @param most texts
   * @param explains whether labels may be named
   * @throws Refusal (400, 413) saying what is wrong
   */
  static Question read(byte[] body, int fields, int most, boolean explains) {
    JsonNode root = parse(body);
    if (!root.isObject()) {
      throw bad("an object was expected, such as {\"text\": \"some words\"}");
    }
    for (Iterator<String> names = root.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      boolean known =
          name.equals("text") || name.equals("texts") || explains && name.equals("labels");
      if (!known) {
        throw bad(
            "a key that is not known; expected \"text\" or \"texts\""
                + (explains ? ", and \"labels\"" : ""));
      }
    }
    if (root.has("text") == root.has("texts")) {
      throw bad("either \"text\" or \"texts\" was expected");
    }
    boolean several = root.has("texts");
    List<List<String>> rows = new ArrayList<>();
    if (several) {
      JsonNode texts = root.get("texts");
      if (!texts.isArray()) {
        throw bad("\"texts\": an array was expected");
      }
      if (texts.size() > most) {
        throw new Refusal(
            413, Shown.format("\"texts\": %d; up to %d are answered at once", texts.size(), most));
      }
      for (int i = 0; i < texts.size(); i++) {
        rows.add(row(texts.get(i), "\"texts\"[" + i + "]", fields));
      }
    } else {
      rows.add(row(root.get("text"), "\"text\"", fields));
    }
    List<String> labels =
        root.has("labels") ? strings(root.get("labels"), "\"labels\"") : List.of();
    if (Set.copyOf(labels).size() < labels.size()) {
      throw bad("\"labels\": one is named twice");
    }
    return new Question(rows, several, labels);
  }

  private static JsonNode parse(byte[] body) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
      JsonNode root = JSON.readTree(body);
      if (root == null || root.isMissingNode()) {
        throw bad("an empty body; expected {\"text\": \"some words\"}");
      }
      return root;
    } catch (CharacterCodingException e) {
      throw bad("not UTF-8");
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      throw bad(
          "not JSON" + (place == null ? "" : " at byte " + Math.max(0, place.getByteOffset())));
    } catch (IOException e) {
      throw bad("not JSON");
    }
  }

  private static List<String> row(JsonNode node, String where, int fields) {
    if (fields == 1 && node.isTextual()) {
      return List.of(node.textValue());
    }
    if (!node.isArray()) {
      throw bad(
          where
              + (fields == 1
                  ? ": a string was expected"
                  : ": an array of " + fields + " strings was expected"));
    }
    List<String> row = strings(node, where);
    if (row.size() != fields) {
      throw bad(Shown.format("%s: %d texts; the model reads %d", where, row.size(), fields));
    }
    return row;
  }

  private static List<String> strings(JsonNode node, String where) {
    List<String> strings = new ArrayList<>();
    if (!node.isArray()) {
      throw bad(where + ": an array of strings was expected");
    }
    for (JsonNode one : node) {
      if (!one.isTextual()) {
        throw bad(where + ": an array of strings was expected");
      }
      strings.add(one.textValue());
    }
    return strings;
  }

  private static Refusal bad(String why) {
    return new Refusal(400, why);
  }
}
