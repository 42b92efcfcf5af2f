package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Runs a command inside the test. */
final class Cli {
  private Cli() {}

  /** What a command left behind. */
  record Output(int code, String out, String err) {

    List<String> lines() {
      return out.lines().toList();
    }

    /** Exit code and the one line of the error: the last on stderr, behind what was told before. */
    String error(int expected) {
      assertEquals(expected, code, () -> err + out);
      List<String> lines = err.lines().toList();
      assertEquals(1, lines.stream().filter(line -> line.startsWith("ulmfit: ")).count(), err);
      String last = lines.get(lines.size() - 1);
      assertTrue(last.startsWith("ulmfit: "), err);
      assertEquals("", out);
      return last.strip();
    }

    Output ok() {
      assertEquals(0, code, err);
      return this;
    }
  }

  static Output run(String... args) {
    return run(new byte[0], args);
  }

  static Output run(byte[] stdin, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    InputStream before = System.in; // corpora are read from it, texts from what main is given
    System.setIn(new ByteArrayInputStream(stdin));
    int code;
    try {
      code =
          Main.run(
              args,
              System.in,
              new PrintStream(out, false, StandardCharsets.UTF_8),
              new PrintStream(err, true, StandardCharsets.UTF_8),
              false);
    } finally {
      System.setIn(before);
    }
    return new Output(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  static Output run(String stdin, List<String> args) {
    return run(stdin.getBytes(StandardCharsets.UTF_8), args.toArray(String[]::new));
  }

  /** A command line with further options at its end. */
  static String[] and(List<String> options, String... command) {
    return Stream.concat(Stream.of(command), options.stream()).toArray(String[]::new);
  }
}
