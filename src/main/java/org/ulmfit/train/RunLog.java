package org.ulmfit.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.ulmfit.io.AtomicFiles;

/**
 * {@code log.jsonl} of a run: one object a line with {@code "type"} stage, step, epoch or note. On
 * resume, lines of what came after the checkpoint are taken out first, since it is run again, and
 * what the log holds already is not written again: in the end it is the log of a run that was never
 * stopped, but for times.
 */
public final class RunLog implements TrainingListener, AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TrainingListener next;
  private final FileChannel file;
  private final Writer out;

  /** Of a resumed log: what its last stage and its notes say; empty once a step is written. */
  private final Set<Object> held = new HashSet<>();

  /**
   * @param resumeStep global step a resumed run goes on from; -1 starts a new log
   * @param next hears every event after it was written
   */
  public RunLog(Path path, long resumeStep, TrainingListener next) {
    this.next = next;
    try {
      if (resumeStep >= 0 && Files.exists(path)) {
        keepUpTo(path, resumeStep);
      } else {
        Files.deleteIfExists(path);
      }
      this.file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      this.out = new BufferedWriter(Channels.newWriter(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void keepUpTo(Path path, long step) throws IOException {
    StringBuilder kept = new StringBuilder();
    long at = 0;
    for (String line : Files.readAllLines(path)) {
      JsonNode node;
      try {
        node = JSON.readTree(line);
      } catch (JsonProcessingException e) {
        break; // the line that was being written when the run ended
      }
      at = node.path("globalStep").asLong(at);
      String type = node.path("type").asText();
      // a checkpoint of an epoch's last step was saved before its validation
      boolean border = type.equals("stage") || type.equals("epoch");
      if (at > step || (border && at >= step)) {
        break;
      }
      switch (type) {
        case "stage" -> held.add(node.path("stage").intValue());
        case "note" -> held.add(node.path("text").textValue());
        default -> {
          // steps and epochs follow the checkpoint
        }
      }
      kept.append(line).append('\n');
    }
    AtomicFiles.writeString(path, kept.toString());
  }

  @Override
  public void stage(StageStart start) {
    if (!held.contains(start.stage())) {
      write("stage", start, true);
    }
    next.stage(start);
  }

  @Override
  public void step(Step step) {
    held.clear();
    write("step", step, false);
    next.step(step);
  }

  @Override
  public void epoch(Epoch epoch) {
    write("epoch", epoch, true);
    next.epoch(epoch);
  }

  /** The log of all steps is on disk before the checkpoint that a resumed run goes on from. */
  @Override
  public void checkpoint() {
    try {
      out.flush();
      file.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    next.checkpoint();
  }

  @Override
  public void note(String line) {
    record(line);
    next.note(line);
  }

  /** Writes down a line the reader has been shown already. */
  public void record(String line) {
    if (!held.contains(line)) {
      write("note", Map.of("text", line), true);
    }
  }

  private void write(String type, Object event, boolean flush) {
    try {
      ObjectNode node = JSON.createObjectNode().put("type", type);
      node.setAll((ObjectNode) JSON.valueToTree(event));
      out.write(JSON.writeValueAsString(node));
      out.write('\n');
      if (flush) {
        out.flush();
      }
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
