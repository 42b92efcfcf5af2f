package org.ulmfit.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The tests of what {@code scripts/compare-peers} computes; they need no more than Python. */
class PeerFiguresTest {
  private static final String PYTHON = "python3";
  private static final String TESTS = "scripts/bench-peers/classifiers/test_figures.py";

  @Test
  void figuresAreThoseOfScikitLearn() throws IOException, InterruptedException {
    assumeTrue(hasPython(), "needs python3 of 3.10 or later");
    Process tests = start(TESTS);
    String output = new String(tests.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, tests.waitFor(), output);
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return start("-c", "import sys; sys.exit(sys.version_info < (3, 10))").waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static Process start(String... arguments) throws IOException {
    String[] command = new String[arguments.length + 2];
    command[0] = PYTHON;
    command[1] = "-B"; // leaves no compiled files beside the sources
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
