package org.ulmfit.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.ulmfit.JavaCommand;

/**
 * Mutants for every parser, in processes of 256 MB that are watched: a crash, a hang, a heap that
 * runs full or an error that is no refusal is written down with the input that caused it.
 */
final class Mutations {
  private static final int CHUNK = 20_000;

  /** So few mutants that compiling well takes longer than it saves. */
  private static final int FEW = 1000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path dir;
  private final Journal journal;
  private final long seed;

  Mutations(Path dir, Journal journal, long seed) {
    this.dir = dir;
    this.journal = journal;
    this.seed = seed;
  }

  /** Inputs that no parser should have made of what it made of them. */
  boolean clean() {
    return journal.all().stream().allMatch(line -> line.get("findings").isEmpty());
  }

  /**
   * @param times mutants, spread evenly over the parsers
   * @return a line for each parser, and one for each finding
   */
  List<String> run(int times, List<String> names) throws IOException, InterruptedException {
    int each = (times + names.size() - 1) / names.size();
    List<String> lines = new ArrayList<>();
    for (String name : names) {
      for (int from = 0; from < each; from += CHUNK) {
        int to = Math.min(each, from + CHUNK);
        String key = name + " " + seed + " " + from + "-" + to;
        if (journal.get(key) == null) {
          journal.put(key, chunk(name, from, to));
        }
      }
      lines.addAll(lines(name));
    }
    return lines;
  }

  private ObjectNode chunk(String name, int from, int to) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(dir.resolve(name));
    Path out = dir.resolve("out.jsonl");
    Path progress = folder.resolve("progress");
    ObjectNode result = Journal.line();
    ArrayNode findings = result.putArray("findings");
    long accepted = 0;
    long refused = 0;
    long slowest = 0;
    int at = from;
    while (at < to) {
      ByteBuffer none = ByteBuffer.allocate(MutationWorker.PROGRESS_BYTES).putLong(0, -1);
      Files.write(progress, none.array());
      final int exit = worker(name, at, to, folder, out);
      for (String line : Files.readAllLines(out)) {
        findings.add(JSON.readTree(line));
      }
      ByteBuffer reached = ByteBuffer.wrap(Files.readAllBytes(progress));
      int index = (int) reached.getLong();
      accepted += reached.getLong();
      refused += reached.getLong();
      slowest = Math.max(slowest, reached.getLong());
      if (exit == 0) {
        break;
      }
      if (index < at) {
        throw new IOException(
            name + ": exit " + exit + ": " + Files.readString(errors()) + Files.readString(out));
      }
      findings
          .addObject()
          .put("index", index)
          .put(
              "what",
              exit == MutationWorker.HUNG
                  ? "no end after " + MutationWorker.LIMIT_MILLIS + " ms"
                  : "the process died, exit " + exit);
      at = index + 1;
    }
    return result
        .put("accepted", accepted)
        .put("refused", refused)
        .put("slowestMillis", slowest / 1e6);
  }

  private Path errors() {
    return dir.resolve("err.txt");
  }

  private int worker(String name, int from, int to, Path folder, Path out)
      throws IOException, InterruptedException {
    List<String> options =
        List.of(
            "-Xmx256m",
            "-XX:TieredStopAtLevel=" + (to - from <= FEW ? 1 : 4),
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + dir.resolve("crash-%p.log"));
    Process process =
        new ProcessBuilder(
                JavaCommand.of(
                    options,
                    MutationWorker.class,
                    List.of(name, "" + seed, "" + from, "" + to, "" + folder)))
            .redirectOutput(out.toFile())
            .redirectError(errors().toFile())
            .start();
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
    }
    return process.exitValue();
  }

  private List<String> lines(String name) {
    long accepted = 0;
    long refused = 0;
    double slowest = 0;
    Map<String, Integer> findings = new TreeMap<>();
    Map<String, String> examples = new TreeMap<>();
    for (ObjectNode line : journal.all()) {
      if (line.get("key").textValue().startsWith(name + " ")) {
        accepted += line.get("accepted").longValue();
        refused += line.get("refused").longValue();
        slowest = Math.max(slowest, line.get("slowestMillis").doubleValue());
        for (JsonNode finding : line.get("findings")) {
          String what = finding.get("what").textValue().replaceAll("\\d+", "N");
          findings.merge(what, 1, Integer::sum);
          examples.putIfAbsent(what, finding.toString());
        }
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %d read, %d refused, slowest %.0f ms, %d findings"
            .formatted(
                name,
                accepted,
                refused,
                slowest,
                findings.values().stream().mapToInt(Integer::intValue).sum()));
    findings.forEach((what, n) -> lines.add("  %d x %s".formatted(n, examples.get(what))));
    return lines;
  }
}
