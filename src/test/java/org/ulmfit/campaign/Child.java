package org.ulmfit.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ulmfit.JavaCommand;
import org.ulmfit.cli.Main;

/** {@code ulmfit} in a process of its own, with this process's environment. */
final class Child {
  private static final int LIMIT_SECONDS = 120;

  /**
   * How it ended.
   *
   * @param exit its exit code; 137 after a kill
   * @param seconds from start to end
   * @param err what it said
   */
  record Ended(int exit, double seconds, String err) {}

  private final List<String> command;
  private final Path errors;

  Child(Path scratch, List<String> arguments) {
    errors = scratch.resolve("err.txt");
    command = JavaCommand.of(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"), Main.class, arguments);
  }

  /** Runs it to its end. */
  Ended run() throws IOException, InterruptedException {
    return run(LIMIT_SECONDS * 1000L, false);
  }

  /** Runs it to its end, which is a good one. */
  Ended succeed() throws IOException, InterruptedException {
    Ended ended = run();
    if (ended.exit() != 0) {
      throw new IOException("exit " + ended.exit() + ": " + command + ": " + ended.err());
    }
    return ended;
  }

  /** Kills it (SIGKILL) after so many milliseconds, if it is still there. */
  Ended killedAfter(long millis) throws IOException, InterruptedException {
    return run(millis, true);
  }

  Process start() throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(errors.toFile())
        .start();
  }

  private Ended run(long millis, boolean killing) throws IOException, InterruptedException {
    long started = System.nanoTime();
    Process process = start();
    if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
      if (!killing) {
        throw new IOException("no end after " + millis / 1000 + " s: " + command);
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    return new Ended(process.exitValue(), seconds, Files.readString(errors));
  }
}
