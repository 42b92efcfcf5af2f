package peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@code compare.py} asks for.
 *
 * @param train JSON lines to learn from
 * @param valid to choose by; only asked for where a row may have several labels
 * @param measured to answer
 * @param texts keys of a row's texts
 * @param label key of its label, or of the list of them
 * @param several whether a row may have several labels
 * @param labels their names, in index order
 * @param threads to use where the library can
 * @param seed of what is random
 * @param model where the model is to be saved
 */
record Spec(
    Path train,
    Path valid,
    Path measured,
    List<String> texts,
    String label,
    boolean several,
    List<String> labels,
    int threads,
    long seed,
    Path model) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A row.
   *
   * @param labels indices
   */
  record Row(String text, List<Integer> labels) {}

  static Spec read(Path file) throws IOException {
    JsonNode node = JSON.readTree(file.toFile());
    return new Spec(
        path(node, "train"),
        path(node, "valid"),
        path(node, "measured"),
        strings(node.get("texts")),
        node.get("label").asText(),
        node.get("several").asBoolean(),
        strings(node.get("labels")),
        node.get("threads").asInt(),
        node.get("seed").asLong(),
        path(node, "model"));
  }

  private static Path path(JsonNode node, String key) {
    return Path.of(node.get(key).asText());
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(item -> strings.add(item.asText()));
    return strings;
  }

  /** The rows of one of the files, HTML's line breaks as blanks. */
  List<Row> rows(Path file) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (Stream<String> lines = Files.lines(file)) {
      for (String line : (Iterable<String>) lines::iterator) {
        JsonNode node = JSON.readTree(line);
        List<String> parts = texts.stream().map(key -> node.get(key).asText()).toList();
        JsonNode given = node.get(label);
        List<String> names = several ? strings(given) : List.of(given.asText());
        rows.add(
            new Row(
                String.join(" ", parts).replace("<br />", " "),
                names.stream().map(labels::indexOf).toList()));
      }
    }
    return rows;
  }
}
