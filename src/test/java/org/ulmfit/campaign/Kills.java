package org.ulmfit.campaign;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.ulmfit.io.AtomicFiles;

/**
 * Runs that are killed ({@code kill -9}) at random moments, some of them again while they go on,
 * and resumed until they end: the result must be that of a run that was left alone.
 */
final class Kills {
  private static final int KILLED = 137;

  private final Path dir;
  private final Journal journal;
  private final List<Subject> subjects;
  private final long seed;

  Kills(Path dir, Journal journal, List<Subject> subjects, long seed) {
    this.dir = dir;
    this.journal = journal;
    this.subjects = subjects;
    this.seed = seed;
  }

  /** A run left alone. */
  private record Reference(Map<String, Object> result, double seconds) {}

  /**
   * @param times kills, spread over the subjects
   * @return a line for each subject, and one for each result that differed
   */
  List<String> run(int times) throws IOException, InterruptedException {
    Map<String, Reference> references = new HashMap<>();
    for (int i = 0; i < times; i++) {
      Subject subject = subjects.get(i % subjects.size());
      String key = subject.name() + " " + seed + " " + i;
      if (journal.get(key) == null) {
        if (!references.containsKey(subject.name())) {
          references.put(subject.name(), reference(subject));
        }
        journal.put(key, once(subject, references.get(subject.name()), new Random(seed + i)));
      }
    }
    return lines();
  }

  boolean clean() {
    return journal.all().stream().allMatch(line -> line.get("equal").booleanValue());
  }

  private Reference reference(Subject subject) throws IOException, InterruptedException {
    Path out = dir.resolve("reference-" + subject.name());
    AtomicFiles.deleteTree(out);
    Child.Ended ended = subject.child(out).succeed();
    return new Reference(Subject.result(out), ended.seconds());
  }

  private ObjectNode once(Subject subject, Reference reference, Random random)
      throws IOException, InterruptedException {
    Path out = dir.resolve("run");
    AtomicFiles.deleteTree(out);
    int kills = 0;
    int further = random.nextInt(3); // kills of the resumed run
    StringBuilder moments = new StringBuilder(); // of the kills
    while (true) {
      // before it has written what it is, a run is not there yet and is started as before
      boolean there = Files.exists(out.resolve(subject.marker()));
      Child child = there ? subject.resumed(out) : subject.child(out);
      long millis = (long) (1000 * reference.seconds * random.nextDouble());
      boolean kill = kills <= further;
      Child.Ended ended = kill ? child.killedAfter(millis) : child.run();
      boolean complete = ended.exit() == 2 && ended.err().contains("this run is complete");
      if (ended.exit() == 0 || complete && kills > 0) {
        break; // complete: killed in its last moments
      }
      if (ended.exit() != KILLED) {
        return Journal.line()
            .put("equal", false)
            .put("kills", kills)
            .put("why", "exit " + ended.exit() + " after " + moments + ": " + ended.err());
      }
      kills++;
      moments.append(millis).append(" ms ");
    }
    boolean equal = Subject.result(out).equals(reference.result);
    return Journal.line()
        .put("equal", equal)
        .put("kills", kills)
        .put("why", equal ? "" : "another result after " + moments);
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Subject subject : subjects) {
      int runs = 0;
      int kills = 0;
      int equal = 0;
      for (ObjectNode line : journal.all()) {
        if (line.get("key").textValue().startsWith(subject.name() + " ")) {
          runs++;
          kills += line.get("kills").intValue();
          equal += line.get("equal").booleanValue() ? 1 : 0;
        }
      }
      lines.add(
          "%s: %d runs, killed %d times, %d byte-identical"
              .formatted(subject.name(), runs, kills, equal));
    }
    journal.all().stream()
        .filter(line -> !line.get("equal").booleanValue())
        .forEach(line -> lines.add(line.get("key").asText() + ": " + line.get("why").asText()));
    return lines;
  }
}
