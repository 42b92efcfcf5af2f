package org.ulmfit.campaign;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.nn.NativeMemory;

/** Ten thousand steps of a small run: memory and open files at the end as at the beginning? */
final class Steadiness {
  private static final int EVERY_MILLIS = 1000;

  private final Path dir;
  private final Journal journal;
  private final List<Subject> subjects;

  Steadiness(Path dir, Journal journal, List<Subject> subjects) {
    this.dir = dir;
    this.journal = journal;
    this.subjects = subjects;
  }

  /**
   * @param steps at least so many, in whole epochs
   * @return a line for each kind of run
   */
  List<String> run(int steps) throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    for (Subject subject : subjects) {
      if (journal.get(subject.name()) == null) {
        journal.put(subject.name(), measure(subject.longer(steps)));
      }
      lines.add(line(subject.name(), (ObjectNode) journal.get(subject.name())));
    }
    return lines;
  }

  private ObjectNode measure(Subject subject) throws IOException, InterruptedException {
    Path out = dir.resolve("run");
    AtomicFiles.deleteTree(out);
    Process process = subject.child(out).start();
    ObjectNode result = Journal.line();
    ArrayNode memory = result.putArray("residentBytes");
    ArrayNode files = result.putArray("openFiles");
    Path descriptors = Path.of("/proc", Long.toString(process.pid()), "fd");
    while (!process.waitFor(EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
      try (Stream<Path> open = Files.list(descriptors)) {
        long resident = NativeMemory.resident(process.pid());
        files.add(open.count());
        memory.add(resident);
      } catch (IOException e) {
        break; // it ended in between
      }
    }
    if (process.waitFor() != 0) {
      throw new IOException(subject.name() + ": exit " + process.exitValue());
    }
    long steps;
    try (Stream<String> log = Files.lines(out.resolve("log.jsonl"))) {
      steps = log.filter(line -> line.startsWith("{\"type\":\"step\"")).count();
    }
    return result.put("steps", steps);
  }

  private static String line(String name, ObjectNode result) {
    return "%s: %d steps; resident MB after a quarter, half, all of the time: %s; open files: %s"
        .formatted(
            name,
            result.get("steps").intValue(),
            quarters(result.withArray("residentBytes"), 1 << 20),
            quarters(result.withArray("openFiles"), 1));
  }

  /** Means of the samples around a quarter, a half and the end. */
  private static String quarters(ArrayNode samples, long unit) {
    List<String> means = new ArrayList<>();
    int window = Math.max(1, samples.size() / 10);
    for (int end : new int[] {samples.size() / 4, samples.size() / 2, samples.size()}) {
      long sum = 0;
      for (int i = Math.max(0, end - window); i < end; i++) {
        sum += samples.get(i).longValue();
      }
      means.add(Long.toString(sum / window / unit));
    }
    return String.join(", ", means);
  }
}
