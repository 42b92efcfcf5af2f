package org.ulmfit.campaign;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ulmfit.io.AtomicFiles;

/** The same run again and again, in a fresh process each: how many different results are there? */
final class Repeats {
  private final Path dir;
  private final Journal journal;
  private final List<Subject> subjects;

  Repeats(Path dir, Journal journal, List<Subject> subjects) {
    this.dir = dir;
    this.journal = journal;
    this.subjects = subjects;
  }

  /**
   * @param times runs, spread evenly over the subjects
   * @param label told apart in the journal, such as the setting of the environment
   * @return one line for each subject
   */
  List<String> run(int times, String label) throws IOException, InterruptedException {
    Map<String, Set<String>> results = new HashMap<>();
    int each = (times + subjects.size() - 1) / subjects.size();
    for (int i = 0; i < each; i++) {
      for (Subject subject : subjects) {
        String key = label + " " + subject.name() + " " + i;
        if (journal.get(key) == null) {
          journal.put(key, once(subject));
        }
        results
            .computeIfAbsent(subject.name(), name -> new HashSet<>())
            .add(journal.get(key).get("result").textValue());
      }
    }
    return subjects.stream()
        .map(
            s ->
                "%s, %s: %d runs, %d different results"
                    .formatted(s.name(), label, each, results.get(s.name()).size()))
        .toList();
  }

  private ObjectNode once(Subject subject) throws IOException, InterruptedException {
    Path out = dir.resolve("run");
    AtomicFiles.deleteTree(out);
    Child.Ended ended = subject.child(out).succeed();
    return Journal.line()
        .put("result", Subject.result(out).toString())
        .put("seconds", ended.seconds());
  }
}
