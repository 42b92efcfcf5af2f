package org.ulmfit.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.ulmfit.UlmfitException;

/** JSON as the commands read and write it: one value a line. */
final class JsonText {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private JsonText() {}

  /**
   * Reads a line that holds one object.
   *
   * @param where file and line, for the message
   */
  static JsonNode object(String line, String where) {
    JsonNode node;
    try {
      node = MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw UlmfitException.badData(where + ": not a JSON object: " + UlmfitException.reason(e));
    }
    if (!node.isObject()) {
      throw UlmfitException.badData(where + ": not a JSON object; one {\"text\": ...} per line");
    }
    return node;
  }

  /** The string under a key of a line's object. */
  static String string(JsonNode object, String key, String where) {
    JsonNode value = object.get(key);
    if (value == null || !value.isTextual()) {
      throw UlmfitException.badData(
          where
              + (value == null ? ": no \"" + key + "\"" : ": \"" + key + "\" is not a string")
              + "; every line needs one");
    }
    return value.textValue();
  }

  /** An array of strings. */
  static String array(List<String> values) {
    StringBuilder json = new StringBuilder(16 + 8 * values.size()).append('[');
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        json.append(", ");
      }
      quote(values.get(i), json);
    }
    return json.append(']').toString();
  }

  static String quote(String value) {
    StringBuilder json = new StringBuilder(value.length() + 2);
    quote(value, json);
    return json.toString();
  }

  /**
   * Escapes what JSON must escape, other control characters and line ends of Unicode, at which some
   * readers would cut the line, and lone surrogates, which UTF-8 cannot carry.
   */
  static void quote(String value, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c == '\n') {
        json.append("\\n");
      } else if (c == '\t') {
        json.append("\\t");
      } else if (c == '\r') {
        json.append("\\r");
      } else if (c < ' ' || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029) {
        hex(c, json);
      } else if (!Character.isSurrogate(c)) {
        json.append(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        json.append(c).append(value.charAt(++i));
      } else {
        hex(c, json);
      }
    }
    json.append('"');
  }

  private static void hex(char c, StringBuilder json) {
    json.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      json.append(HEX[(c >> shift) & 15]);
    }
  }
}
