package org.ulmfit.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.report.RunPart;
import org.ulmfit.train.TrainingListener;

/**
 * {@code log.jsonl} of a run: one object a line with {@code "type"} phase, step, epoch or note, and
 * command, advice, time or load. On resume, lines of what came after the checkpoint are taken out
 * first, since it is run again, and what the log holds already is not written again: in the end it
 * is the log of a run that was never stopped, but for times.
 */
public final class RunLog implements TrainingListener, AutoCloseable {

  // whatever a row holds, half of a surrogate pair too, can be written
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final TrainingListener next;
  private final Path path;
  private final FileChannel file;
  private final @Nullable Object fileKey;
  private final Writer out;

  /** Of a resumed log, until its first new step: the last phase, and the notes that it holds. */
  private int heldPhase = -1;

  private final Set<String> heldNotes = new HashSet<>();

  /** Parts whose time it holds, and the type of what a log holds once. */
  private final Set<String> heldOnce = new HashSet<>();

  /**
   * @param resumeStep global step a resumed run goes on from; -1 starts a new log
   * @param next hears every event after it was written
   */
  public RunLog(Path path, long resumeStep, TrainingListener next) {
    this.next = next;
    this.path = path;
    try {
      if (resumeStep >= 0 && Files.exists(path)) {
        keepUpTo(path, resumeStep);
      } else {
        Files.deleteIfExists(path);
      }
      this.file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      this.out = new BufferedWriter(Channels.newWriter(file, StandardCharsets.UTF_8));
      this.fileKey = fileKey();
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(path, e);
    }
  }

  /** What the file is to the operating system, whatever its name; null where there is no such. */
  private @Nullable Object fileKey() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
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
      boolean border = type.equals("phase") || type.equals("epoch");
      if (at > step || (border && at >= step)) {
        break;
      }
      switch (type) {
        case "phase" -> heldPhase = node.path("phase").intValue();
        case "note" -> heldNotes.add(node.path("text").textValue());
        case "advice" -> heldOnce.add(type + node.path("text").textValue());
        case "time" -> heldOnce.add(type + node.path("part").textValue());
        case "command" -> heldOnce.add(type);
        default -> {
          // steps and epochs follow the checkpoint
        }
      }
      kept.append(line).append('\n');
    }
    AtomicFiles.writeString(path, kept.toString());
  }

  @Override
  public void phase(PhaseStart start) {
    if (start.phase() != heldPhase) {
      write("phase", start, true);
    }
    next.phase(start);
  }

  @Override
  public void step(Step step) {
    heldPhase = -1;
    heldNotes.clear();
    write("step", step, false);
    next.step(step);
  }

  @Override
  public void epoch(Epoch epoch) {
    write("epoch", epoch, true);
    next.epoch(epoch);
  }

  /**
   * The log of all steps is on disk before the checkpoint that a resumed run goes on from, and
   * nothing is saved under the name of a folder that is no longer this run's.
   */
  @Override
  public void saving() {
    try {
      out.flush();
      file.force(false);
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(path, e);
    }
    checkInPlace();
    next.saving();
  }

  private void checkInPlace() {
    try {
      if (Objects.equals(fileKey, fileKey())) {
        return;
      }
    } catch (IOException e) {
      // gone, or no longer to be seen
    }
    throw UlmfitException.failure(
        path
            + ": was moved or replaced while the run wrote to it; put its folder back and go on"
            + " with --resume",
        null);
  }

  @Override
  public void note(String line) {
    record(line);
    next.note(line);
  }

  /** Writes down a line the reader has been shown already. */
  public void record(String line) {
    if (!heldNotes.contains(line)) {
      write("note", Map.of("text", line), true);
    }
  }

  /** How the run was begun. */
  public void command(Invocation invocation) {
    once("command", "", invocation);
  }

  /** A line on what could be done better, which the reader has been shown already. */
  public void advice(String line) {
    once("advice", line, Map.of("text", line));
  }

  /** Seconds that a part of the run took, steps and epochs aside. */
  public void time(RunPart part, double seconds) {
    once("time", part.word(), new Time(part.word(), seconds));
  }

  /**
   * What others did meanwhile.
   *
   * @param others cores that they kept busy; null where it cannot be told
   */
  void load(@Nullable Double others, int processors) {
    write("load", new Load(others, processors), true);
  }

  private record Time(String part, double seconds) {}

  private record Load(@Nullable Double others, int processors) {}

  private void once(String type, String which, Object event) {
    if (heldOnce.add(type + which)) {
      write(type, event, true);
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
      throw UlmfitException.cannotWrite(path, e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(path, e);
    }
  }
}
