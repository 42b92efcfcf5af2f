package org.ulmfit.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Results of a campaign, one line each, so that an interrupted one goes on where it was. */
final class Journal {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Map<String, ObjectNode> lines = new LinkedHashMap<>();

  Journal(Path file) throws IOException {
    this.file = file;
    Files.createDirectories(file.getParent());
    if (Files.exists(file)) {
      String text = Files.readString(file);
      int whole = text.lastIndexOf('\n') + 1; // a line cut short was being written
      if (whole < text.length()) {
        Files.writeString(file, text.substring(0, whole));
      }
      for (String line : text.substring(0, whole).lines().toList()) {
        ObjectNode node = (ObjectNode) JSON.readTree(line);
        lines.put(node.get("key").textValue(), node);
      }
    }
  }

  static ObjectNode line() {
    return JSON.createObjectNode();
  }

  /** What was written under this key; null if nothing was. */
  JsonNode get(String key) {
    return lines.get(key);
  }

  void put(String key, ObjectNode result) throws IOException {
    result.put("key", key);
    lines.put(key, result);
    Files.writeString(
        file,
        JSON.writeValueAsString(result) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  Collection<ObjectNode> all() {
    return lines.values();
  }
}
