package org.ulmfit.campaign;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slice of {@code scripts/campaign parts=mutations}. */
class MutationsTest {
  private static final int EACH = 300;

  @TempDir Path dir;

  @Test
  void damagedInputsAreReadOrRefused() throws IOException, InterruptedException {
    Mutations mutations =
        new Mutations(dir.resolve("mutations"), new Journal(dir.resolve("journal")), 7);
    List<String> parsers = Targets.names();
    List<String> lines = mutations.run(EACH * parsers.size(), parsers);
    assertTrue(mutations.clean(), () -> String.join("\n", lines));
  }
}
