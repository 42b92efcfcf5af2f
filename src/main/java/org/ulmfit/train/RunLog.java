package org.ulmfit.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.ulmfit.io.AtomicFiles;

/**
 * {@code log.jsonl} of a run: one object a line with {@code "type"} stage, step, epoch or note. On
 * resume, lines of steps after the checkpoint are taken out first, since they are run again.
 */
public final class RunLog implements TrainingListener, AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TrainingListener next;
  private final BufferedWriter out;

  /**
   * @param resumeStep global step a resumed run goes on from; -1 starts a new log
   * @param next hears every event after it was written
   */
  public RunLog(Path file, long resumeStep, TrainingListener next) {
    this.next = next;
    try {
      if (resumeStep >= 0 && Files.exists(file)) {
        keepUpTo(file, resumeStep);
      } else {
        Files.deleteIfExists(file);
      }
      this.out =
          Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void keepUpTo(Path file, long step) throws IOException {
    StringBuilder kept = new StringBuilder();
    long at = 0;
    for (String line : Files.readAllLines(file)) {
      JsonNode node;
      try {
        node = JSON.readTree(line);
      } catch (JsonProcessingException e) {
        break; // the line that was being written when the run ended
      }
      at = node.path("globalStep").asLong(at);
      boolean begins = node.path("type").asText().equals("stage");
      if (at > step || (begins && at >= step)) {
        break;
      }
      kept.append(line).append('\n');
    }
    AtomicFiles.writeString(file, kept.toString());
  }

  @Override
  public void stage(StageStart start) {
    write("stage", start, true);
    next.stage(start);
  }

  @Override
  public void step(Step step) {
    write("step", step, false);
    next.step(step);
  }

  @Override
  public void epoch(Epoch epoch) {
    write("epoch", epoch, true);
    next.epoch(epoch);
  }

  @Override
  public void note(String line) {
    record(line);
    next.note(line);
  }

  /** Writes down a line the reader has been shown already. */
  public void record(String line) {
    write("note", List.of(line), true);
  }

  private void write(String type, Object event, boolean flush) {
    try {
      ObjectNode node = JSON.createObjectNode().put("type", type);
      if (event instanceof List<?> lines) {
        node.put("text", String.valueOf(lines.get(0)));
      } else {
        node.setAll((ObjectNode) JSON.valueToTree(event));
      }
      out.write(JSON.writeValueAsString(node));
      out.write('\n');
      if (flush) {
        out.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forces what was written so far to the file. */
  public void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
