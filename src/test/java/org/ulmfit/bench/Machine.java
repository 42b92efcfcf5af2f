package org.ulmfit.bench;

import ai.djl.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ulmfit.JavaCommand;
import org.ulmfit.Version;
import org.ulmfit.nn.Bfloat16;

/** What the figures were measured on and with. */
final class Machine {

  private Machine() {}

  static Map<String, String> describe(int threads) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("processor", line(Path.of("/proc/cpuinfo"), "model name"));
    all.put("features", hasBfloat16() ? "bfloat16" : "no bfloat16");
    String limit = System.getenv("ONEDNN_MAX_CPU_ISA");
    if (limit != null) {
      all.put("limit", limit);
    }
    all.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    all.put("memory", line(Path.of("/proc/meminfo"), "MemTotal"));
    all.put("threads", Integer.toString(threads));
    all.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    all.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    all.put("ulmfit", Version.version() + " (" + Version.commit() + ")");
    all.put("libtorch", Version.libtorch());
    all.put("djl", Version.djl());
    all.put("ompWaitPolicy", System.getenv().getOrDefault("OMP_WAIT_POLICY", "not set"));
    all.put("date", LocalDate.now(ZoneId.systemDefault()).toString());
    all.put("load", load());
    return all;
  }

  /** Prints what the engine can do. */
  public static void main(String[] arguments) {
    System.out.println(Bfloat16.of(Device.cpu()) == Bfloat16.NATIVE ? "bfloat16" : "no bfloat16");
  }

  /** Whether the engine computes in it natively. */
  static boolean hasBfloat16() {
    return Features.FOUND.equals("bfloat16");
  }

  private static final class Features {
    static final String FOUND = features();
  }

  /** Found out in a process that ends: an engine's threads would spin beside what is measured. */
  private static String features() {
    List<String> command =
        JavaCommand.of(List.of("-Xmx256m", "-Dai.djl.offline=true"), Machine.class, List.of());
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The processor and what the engine may use of it: figures are kept and shown for each. */
  static String kind(Map<String, WorkloadResult> results) {
    Map<String, String> machine = results.values().iterator().next().machine();
    String limit = machine.containsKey("limit") ? ", engine held to " + machine.get("limit") : "";
    return machine.getOrDefault("processor", "unknown processor")
        + ", "
        + machine.getOrDefault("features", "features unknown")
        + limit;
  }

  /** Of the last minute, before the workload; beyond a few tenths others were at work. */
  static String load() {
    List<String> lines = read(Path.of("/proc/loadavg"));
    return lines.isEmpty() ? "unknown" : lines.get(0).split(" ")[0];
  }

  private static String line(Path file, String key) {
    return read(file).stream()
        .filter(l -> l.startsWith(key))
        .map(l -> l.substring(l.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  private static List<String> read(Path file) {
    try {
      return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }
}
