package org.ulmfit.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ulmfit.JavaCommand;
import org.ulmfit.nn.NativeMemory;

/**
 * Processes that measure: our workers with this JVM's own settings, peers, and commands as a user
 * starts them. Each is watched for the most memory it held.
 */
final class Children {

  private static final List<String> MALLOC =
      List.of(
          "MALLOC_MMAP_THRESHOLD_",
          "MALLOC_TRIM_THRESHOLD_",
          "MALLOC_ARENA_MAX",
          "GLIBC_TUNABLES",
          "ONEDNN_PRIMITIVE_CACHE_CAPACITY");

  private Children() {}

  /**
   * @param seconds from the start of the process to its end
   * @param firstLine seconds to its first line of output; 0 = none
   */
  record Ended(double seconds, double firstLine, long peakBytes) {}

  /** Runs {@link Worker} in a fresh JVM like this one. */
  static Measurement worker(Spec spec, Map<String, String> options) throws IOException {
    List<String> own =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(a -> !a.startsWith("-javaagent") && !a.startsWith("-XX:Shared"))
            .toList();
    List<String> arguments = new ArrayList<>(List.of(spec.file().toString(), out(spec).toString()));
    options.forEach((name, value) -> arguments.add(name + "=" + value));
    List<String> command = JavaCommand.of(own, Worker.class, arguments);
    return measured(spec, run(new ProcessBuilder(command)));
  }

  private static Path out(Spec spec) {
    return spec.dir().resolve("out.json");
  }

  private static Measurement measured(Spec spec, Ended ended) throws IOException {
    Measurement m = Spec.JSON.readValue(out(spec).toFile(), Measurement.class);
    return m.withPeak(Math.max(m.peakBytes(), ended.peakBytes()));
  }

  /**
   * Runs a peer.
   *
   * @param policy {@code OMP_WAIT_POLICY}
   * @param malloc whether it gets the malloc settings of our launcher
   */
  static Measurement peer(
      Spec spec, String python, Path script, String policy, boolean malloc, int threads)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(python, script.toString(), spec.file().toString(), out(spec).toString());
    Map<String, String> environment = builder.environment();
    if (!malloc) {
      MALLOC.forEach(environment::remove);
    }
    environment.put("OMP_WAIT_POLICY", policy);
    environment.put("OMP_NUM_THREADS", Integer.toString(threads));
    environment.put("MKL_NUM_THREADS", Integer.toString(threads));
    return measured(spec, run(builder));
  }

  /** A command as a user starts it. */
  static Ended command(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return run(builder);
  }

  private static Ended run(ProcessBuilder builder) throws IOException {
    File errors = File.createTempFile("ulmfit-bench", ".err");
    long started = System.nanoTime();
    Process process = builder.redirectError(errors).start();
    Thread killer = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(killer);
    try (BufferedReader out = process.inputReader()) {
      PeakWatch watch = new PeakWatch(process);
      watch.start();
      String line = out.readLine();
      double first = line == null ? 0 : (System.nanoTime() - started) / 1e9;
      while (line != null) {
        line = out.readLine();
      }
      int exit = process.waitFor();
      double seconds = (System.nanoTime() - started) / 1e9;
      watch.join();
      if (exit != 0) {
        throw new IOException(
            String.join(" ", builder.command())
                + ": exit "
                + exit
                + "\n"
                + Files.readString(errors.toPath()));
      }
      return new Ended(seconds, first, watch.peak);
    } catch (InterruptedException e) {
      process.destroy();
      throw new IOException("interrupted", e);
    } finally {
      Runtime.getRuntime().removeShutdownHook(killer);
      Files.delete(errors.toPath());
    }
  }

  /** Reads VmHWM of a process until it ends; Linux only. */
  private static final class PeakWatch extends Thread {
    private static final int EVERY_MILLIS = 25;
    private final Process process;
    private volatile long peak;

    PeakWatch(Process process) {
      this.process = process;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        do {
          peak = Math.max(peak, NativeMemory.peak(process.pid()));
        } while (!process.waitFor(EVERY_MILLIS, TimeUnit.MILLISECONDS));
      } catch (IOException e) {
        return; // no /proc, or the process has ended
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
