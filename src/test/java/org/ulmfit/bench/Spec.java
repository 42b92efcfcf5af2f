package org.ulmfit.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a workload computes, in {@code spec.json} beside the files it names; ours and the peers read
 * the same.
 */
record Spec(Path dir, ObjectNode values) {

  static final ObjectMapper JSON = new ObjectMapper();

  static Spec create(Path dir, String kind, long seed, int threads) throws IOException {
    Files.createDirectories(dir);
    ObjectNode values = JSON.createObjectNode();
    values.put("kind", kind).put("seed", seed).put("threads", threads);
    return new Spec(dir, values);
  }

  static Spec read(Path file) throws IOException {
    return new Spec(file.toAbsolutePath().getParent(), (ObjectNode) JSON.readTree(file.toFile()));
  }

  Path file() {
    return dir.resolve("spec.json");
  }

  void write() throws IOException {
    JSON.writeValue(file().toFile(), values);
  }

  int number(String key) {
    return values.get(key).intValue();
  }

  Path path(String key) {
    return dir.resolve(values.get(key).textValue());
  }

  /** Token ids as little-endian 32-bit integers. */
  void ids(int[] ids) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(ids);
    Files.write(dir.resolve("ids.i32"), bytes.array());
    values.put("ids", "ids.i32");
  }

  int[] ids() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path("ids")));
    int[] ids = new int[bytes.capacity() / 4];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(ids);
    return ids;
  }

  /** One JSON string per line. */
  void lines(String name, List<String> texts) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String text : texts) {
      all.append(JSON.writeValueAsString(text)).append('\n');
    }
    Files.writeString(dir.resolve(name), all);
  }

  static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(Spec::string).toList();
  }

  private static String string(String json) {
    try {
      return JSON.readValue(json, String.class);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The numbers and words that belong beside the results. */
  Map<String, String> summary() {
    Map<String, String> summary = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> value : values.properties()) {
      if (value.getValue().isNumber()) {
        summary.put(value.getKey(), value.getValue().asText());
      }
    }
    return summary;
  }
}
