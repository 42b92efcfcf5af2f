package org.ulmfit.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ulmfit.JavaCommand;
import org.ulmfit.classifier.ShapesRun;
import org.ulmfit.lm.MemoryRun;
import org.ulmfit.nn.NativeMemory;

/**
 * Resident memory of training, in fresh processes: steps of a language model leave nothing behind,
 * and batches of ever new shapes do not tear malloc's heap to pieces under the launcher's settings.
 * Each claim stands beside a run that is made to break it, so that the measure is known to see it.
 */
final class Memory {
  private static final int STEPS = 1000;
  private static final int LEAKING_STEPS = 300;
  private static final int SHAPES = 8;

  /** Of what a hidden state lost in every step would be. */
  private static final double GROWN = 1.0 / 3;

  private static final double LEAKED = 3.0 / 4;

  /**
   * Most resident under the launcher's settings, relative to what is needed at least, which is what
   * the same run holds when every block goes back to the system at once: 1.06 to 1.16 in eight
   * runs, alone and beside others. With all blocks in one heap it is 1.9 and more.
   */
  private static final double FRAGMENTED = 1.5;

  /** A tensor of one chunk that stays after each step is 13% after all of them. */
  private static final double LOST = 1.1;

  private static final Map<String, String> RETURNED =
      Map.of("MALLOC_MMAP_THRESHOLD_", "131072", "MALLOC_TRIM_THRESHOLD_", "131072");
  private static final Map<String, String> ONE_HEAP = Map.of("MALLOC_MMAP_MAX_", "0");

  private final Path home;
  private final Path dir;
  private final Journal journal;
  private boolean clean = true;

  /**
   * @param home of the sources, with the launcher
   * @param dir for what the processes say
   */
  Memory(Path home, Path dir, Journal journal) {
    this.home = home;
    this.dir = dir;
    this.journal = journal;
  }

  /** Whether everything was as it should be. */
  boolean clean() {
    return clean;
  }

  /**
   * @return a line for each claim
   */
  List<String> run() throws IOException, InterruptedException {
    if (!NativeMemory.known()) {
      return List.of("resident memory is not known: no /proc/self/smaps");
    }
    List<String> lines = new ArrayList<>();
    lines.add(growth("language model", STEPS));
    lines.add(growth("leak", LEAKING_STEPS, "leak"));
    lines.addAll(shapes());
    return lines;
  }

  private String growth(String name, int steps, String... leak)
      throws IOException, InterruptedException {
    if (journal.get(name) == null) {
      List<String> arguments = new ArrayList<>(List.of("" + steps));
      arguments.addAll(List.of(leak));
      // the simple compiler only: the other one's own memory would still grow while we measure
      List<String> options =
          List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-Dai.djl.offline=true");
      String out = output(new ProcessBuilder(JavaCommand.of(options, MemoryRun.class, arguments)));
      journal.put(name, Journal.line().put("growth", figures(out, "GROWTH ").get(0)));
    }
    long growth = journal.get(name).get("growth").longValue();
    long states = steps * MemoryRun.STATE_BYTES;
    boolean good = leak.length == 0 ? growth < GROWN * states : growth > LEAKED * states;
    return verdict(
        good,
        "%s: %d KB more after %d steps; a hidden state lost in each is %d KB"
            .formatted(name, growth >> 10, steps, states >> 10));
  }

  private List<String> shapes() throws IOException, InterruptedException {
    JsonNode needed = shapes("returned", RETURNED);
    JsonNode kept = shapes("launcher", Map.of());
    JsonNode torn = shapes("one heap", ONE_HEAP);
    long least = needed.get("peak").longValue();
    long first = needed.get("after").get(0).longValue();
    long last = needed.get("after").get(SHAPES - 1).longValue();
    double most = FRAGMENTED * least;
    return List.of(
        verdict(
            last < LOST * first,
            "new shapes: %d MB after the first step, %d after the last"
                .formatted(first >> 20, last >> 20)),
        verdict(
            kept.get("peak").longValue() < most,
            "new shapes: at most %d MB with the launcher's settings, %d where blocks go back at once"
                .formatted(kept.get("peak").longValue() >> 20, least >> 20)),
        verdict(
            torn.get("peak").longValue() > most,
            "new shapes: at most %d MB with all blocks in one heap"
                .formatted(torn.get("peak").longValue() >> 20)));
  }

  /** Bytes outside the Java heap after each step, and the most of all. */
  private JsonNode shapes(String name, Map<String, String> settings)
      throws IOException, InterruptedException {
    if (journal.get(name) == null) {
      String out = output(launcher(settings));
      ObjectNode line = Journal.line();
      ArrayNode after = line.putArray("after");
      figures(out, "RESIDENT ").forEach(after::add);
      journal.put(name, line.put("peak", figures(out, "PEAK ").get(0)));
    }
    return journal.get(name);
  }

  /** The launcher as users start it, but for the class. */
  private ProcessBuilder launcher(Map<String, String> settings) {
    String[] command = {"sh", "-c", ". \"$ulmfit_home\"/src/main/dist/bin/ulmfit", "ulmfit"};
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.command().add("" + SHAPES);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.matches("(MALLOC|ONEDNN|GLIBC|ULMFIT|OMP)_.*"));
    environment.put("ulmfit_home", "" + home.toAbsolutePath());
    environment.put("ulmfit_classpath", System.getProperty("java.class.path"));
    environment.put("ulmfit_main", ShapesRun.class.getName());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("ULMFIT_HEAP", "512m");
    environment.putAll(settings);
    return builder;
  }

  private String output(ProcessBuilder builder) throws IOException, InterruptedException {
    Path errors = dir.resolve("err.txt");
    Process process = builder.redirectError(errors.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(
          "exit "
              + process.exitValue()
              + ": "
              + builder.command()
              + ": "
              + Files.readString(errors));
    }
    return out;
  }

  private static List<Long> figures(String out, String name) {
    return out.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> Long.parseLong(line.substring(name.length())))
        .toList();
  }

  private String verdict(boolean good, String line) {
    clean &= good;
    return good ? line : "NOT AS IT SHOULD BE: " + line;
  }
}
