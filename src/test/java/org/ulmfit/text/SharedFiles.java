package org.ulmfit.text;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Golden cases: those that ship with the tests and those beside the project. */
final class SharedFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SharedFiles() {}

  /** A file of the specification folder; the test is skipped where it is absent. */
  static Path spec(String name) {
    Path file = Path.of(System.getProperty("ulmfit.shared", "../shared"), "spec", name);
    assumeTrue(Files.exists(file), () -> "needs " + file);
    return file;
  }

  static List<JsonNode> jsonLines(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  /** A file of {@code src/test/resources/golden}. */
  static List<JsonNode> golden(String name) throws IOException {
    try (InputStream in = SharedFiles.class.getResourceAsStream("/golden/" + name)) {
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  static List<String> strings(JsonNode array) {
    List<String> out = new ArrayList<>();
    array.forEach(n -> out.add(n.asText()));
    return out;
  }

  private static List<JsonNode> parse(String lines) throws IOException {
    List<JsonNode> out = new ArrayList<>();
    for (String line : lines.split("\n")) {
      if (!line.isBlank()) {
        out.add(JSON.readTree(line));
      }
    }
    return out;
  }
}
