package org.ulmfit.campaign;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slice of {@code scripts/campaign parts=kills}: each kind of run once. */
@Tag("engine")
class KillsTest {
  private static final int RUNS = 3;

  @TempDir Path dir;

  @Test
  void aRunThatIsKilledAndResumedEndsAsOneLeftAlone() throws IOException, InterruptedException {
    List<Subject> subjects = Subject.kinds(dir.resolve("subjects"));
    Kills kills = new Kills(dir, new Journal(dir.resolve("journal")), subjects, 7);
    List<String> lines = kills.run(RUNS);
    assertTrue(kills.clean(), () -> String.join("\n", lines));
    assertTrue(
        lines.stream().anyMatch(line -> line.matches(".*killed [1-9]\\d* times.*")),
        () -> "no run was killed: " + lines);
  }
}
