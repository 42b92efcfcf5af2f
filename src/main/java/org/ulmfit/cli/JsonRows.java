package org.ulmfit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** One JSON object per line. */
final class JsonRows implements Rows {
  private static final long BATCH_BYTES = 4 << 20;

  private final Lines lines;
  private final List<String> keys;
  private final String idKey;

  /**
   * @param keys of the text; empty: {@code text}
   * @param idKey null: {@code id}
   */
  JsonRows(Lines lines, List<String> keys, String idKey) {
    this.lines = lines;
    this.keys = keys.isEmpty() ? List.of("text") : List.copyOf(keys);
    this.idKey = idKey == null ? "id" : idKey;
  }

  @Override
  public List<Row> batch(int most) {
    long number = lines.number();
    List<Row> rows = new ArrayList<>();
    for (String line : lines.batch(most, BATCH_BYTES)) {
      String where = lines.name() + ": line " + ++number;
      JsonNode object = JsonText.object(line, where);
      List<String> fields = new ArrayList<>();
      keys.forEach(key -> fields.add(JsonText.string(object, key, where)));
      JsonNode id = object.get(idKey);
      boolean none = id == null || id.isNull();
      String name = none ? Long.toString(number) : id.asText();
      rows.add(new Row(name, !none && id.isNumber(), fields));
    }
    return rows;
  }

  @Override
  public void close() {
    lines.close();
  }
}
