package org.ulmfit.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A run's log without what differs between two runs of the same course: times, others' load. */
public final class TimelessLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TimelessLog() {}

  /** Every line of the log, in order. */
  public static List<JsonNode> read(Path log) {
    List<JsonNode> lines = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(log)) {
        ObjectNode node = (ObjectNode) JSON.readTree(line);
        lines.add(
            node.without(List.of("seconds", "validationSeconds", "others", "command", "byRecipe")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }
}
