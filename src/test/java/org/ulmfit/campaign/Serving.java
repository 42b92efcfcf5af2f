package org.ulmfit.campaign;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.ulmfit.JavaCommand;
import org.ulmfit.bench.RandomClassifier;

/**
 * Resident memory of a classifier that serves 16 threads: under the settings of a bare JVM and
 * under those of the launcher. What oneDNN and malloc keep for shapes and threads they have not met
 * yet comes in the first part of the calls; afterwards nothing may grow.
 */
final class Serving {

  /** Growth of the second half of the calls that is still none, of what was held halfway. */
  private static final double FLAT = 0.05;

  private static final Map<String, Map<String, String>> SETTINGS =
      Map.of(
          "bare JVM",
          Map.of(),
          "launcher",
          Map.of(
              "MALLOC_MMAP_THRESHOLD_", "33554432",
              "MALLOC_TRIM_THRESHOLD_", "17179869184",
              "MALLOC_ARENA_MAX", "1",
              "ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64"));

  private final Path dir;
  private final Journal journal;
  private boolean clean = true;

  Serving(Path dir, Journal journal) {
    this.dir = dir;
    this.journal = journal;
  }

  /** Whether everything was as it should be. */
  boolean clean() {
    return clean;
  }

  /**
   * @return a line for each setting
   */
  List<String> run(int calls) throws IOException, InterruptedException {
    RandomClassifier classifier = RandomClassifier.in(dir);
    return List.of(serve("bare JVM", classifier, calls), serve("launcher", classifier, calls));
  }

  private String serve(String setting, RandomClassifier classifier, int calls)
      throws IOException, InterruptedException {
    if (journal.get(setting) == null) {
      ObjectNode line = Journal.line();
      ArrayNode resident = line.putArray("resident");
      output(setting, classifier, calls)
          .lines()
          .filter(l -> l.startsWith("RESIDENT "))
          .forEach(l -> resident.add(Long.parseLong(l.substring("RESIDENT ".length()))));
      journal.put(setting, line);
    }
    List<Long> mb =
        StreamSupport.stream(journal.get(setting).get("resident").spliterator(), false)
            .map(bytes -> bytes.longValue() >> 20)
            .toList();
    long half = mb.get(mb.size() / 2 - 1);
    long end = mb.get(mb.size() - 1);
    boolean good = end - half <= FLAT * half;
    clean &= good;
    String line =
        "serving, %s: %d calls from 16 threads: %d MB after a twentieth, %d halfway, %d at the end"
            .formatted(setting, calls, mb.get(0), half, end);
    return good ? line : "NOT AS IT SHOULD BE: " + line + ": " + mb;
  }

  private String output(String setting, RandomClassifier classifier, int calls)
      throws IOException, InterruptedException {
    List<String> options = List.of("-Xmx256m", "-Dai.djl.offline=true");
    List<String> arguments =
        List.of(classifier.model().toString(), "" + calls, String.join(",", classifier.words()));
    Path errors = dir.resolve("err.txt");
    ProcessBuilder builder =
        new ProcessBuilder(JavaCommand.of(options, ServingRun.class, arguments))
            .redirectError(errors.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(MALLOC|ONEDNN|GLIBC|OMP)_.*"));
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    builder.environment().putAll(SETTINGS.get(setting));
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("serving, " + setting + ": " + Files.readString(errors));
    }
    return out;
  }
}
