package org.ulmfit.cli;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.ulmfit.Shown;
import org.ulmfit.Version;
import org.ulmfit.nn.Bfloat16;
import org.ulmfit.nn.Torch;
import org.ulmfit.run.OtherLoad;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit doctor}: what this machine offers and what it lacks. */
@Command(
    name = "doctor",
    header = "Show engine, device, threads, precision and library paths, and what is missing.",
    description = {""})
final class DoctorCommand implements Callable<Integer> {
  /** What the launcher sets; a JVM cannot set its own malloc and MKL environment. */
  static final Map<String, String> ENVIRONMENT =
      Map.of(
          "MALLOC_MMAP_THRESHOLD_", "33554432",
          "MALLOC_TRIM_THRESHOLD_", "17179869184",
          "MALLOC_ARENA_MAX", "1",
          "ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64");

  @ParentCommand private Main main;
  @Mixin private EngineMixin engine;

  @Override
  public Integer call() {
    OtherLoad others = OtherLoad.watch();
    engine.apply();
    Console console = main.console();
    console.data("ulmfit: " + Version.version() + " (commit " + Version.commit() + ")");
    console.data(
        Shown.format(
            "java: %s, %s",
            System.getProperty("java.version"), System.getProperty("java.vm.name")));
    console.data(
        Shown.format(
            "system: %s %s, %s, %d processors",
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors()));
    console.data("heap: " + Runtime.getRuntime().maxMemory() / (1 << 20) + " MB at most");
    console.data("installation: " + Installation.home().map(Path::toString).orElse("not told"));
    console.data(
        "pretrained: " + Installation.pretrained().map(Path::toString).orElse("none found"));
    console.data("native libraries: " + libraries());
    console.flush(); // the engine may not start
    engineLines(console);
    others.cores().ifPresent(cores -> console.data("others: " + others(cores)));
    for (String hint : environment(System::getenv, System.getProperty("os.name"))) {
      console.data("hint: " + hint);
    }
    return 0;
  }

  private void engineLines(Console console) {
    var torch = Torch.engine();
    console.data(
        Shown.format(
            "engine: %s %s (DJL %s), offline %s",
            torch.getEngineName(),
            torch.getVersion(),
            Version.djl(),
            System.getProperty("ai.djl.offline")));
    console.data(
        Shown.format(
            "device: %s (CUDA devices: %d)", Torch.device(engine.device()), torch.getGpuCount()));
    console.data("threads: " + Torch.threads());
    Device device = Torch.device(engine.device());
    console.data("bf16: " + bf16(Bfloat16.of(device), device.isGpu()));
  }

  /** Where DJL unpacks its natives: its documented properties and variables, in its order. */
  private static String libraries() {
    String given = System.getenv("PYTORCH_LIBRARY_PATH");
    if (given != null) {
      return given + " (PYTORCH_LIBRARY_PATH)";
    }
    return ai.djl.util.Utils.getEngineCacheDir("pytorch").toString();
  }

  private static String others(double cores) {
    int processors = Runtime.getRuntime().availableProcessors();
    return Shown.format("use %.1f of %d cores", cores, processors);
  }

  /** What came of trying a small LSTM in bfloat16. */
  static String bf16(Bfloat16 found, boolean gpu) {
    String what =
        switch (found) {
          case NATIVE -> "computed natively";
          case WIDENED -> "each product is made in float32";
          case PLAIN -> "the engine has no LSTM for reading in it, a plain one reads";
        };
    return (gpu ? "by compute capability: " : "tried: ")
        + what
        + "; --precision auto takes "
        + (found == Bfloat16.NATIVE ? "bf16" : "fp32, which is faster");
  }

  /** One line per setting that is missing and costs speed. */
  static List<String> environment(UnaryOperator<String> env, String os) {
    List<String> hints = new ArrayList<>();
    if (!os.startsWith("Linux")) {
      return hints;
    }
    ENVIRONMENT.keySet().stream()
        .sorted()
        .filter(name -> env.apply(name) == null)
        .forEach(
            name ->
                hints.add(
                    name
                        + "="
                        + ENVIRONMENT.get(name)
                        + " is not set; set it before Java starts (scripts/ulmfit does), or large"
                        + " steps page memory in afresh"));
    return hints;
  }
}
