package org.ulmfit.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.FamilyKeys;
import picocli.CommandLine.Option;

/** Where the arithmetic runs. */
final class EngineMixin {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description = "auto (default), cpu or cuda:N.")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      converter = CorpusMixin.Count.class,
      description = "Threads of one operator (default: the engine's, or OMP_NUM_THREADS).")
  private @Nullable Integer threads;

  String device() {
    return device;
  }

  /** Refuses what families without the engine would not heed. */
  void check(List<Family> families) {
    FamilyKeys.checkDevice(families, device);
    if (threads != null) {
      FamilyKeys.checkEngine(families, "--threads " + threads);
    }
  }

  /** To be called before the engine's first use: it reads the property as it starts. */
  void apply() {
    if (threads != null) {
      System.setProperty("ai.djl.pytorch.num_threads", threads.toString());
    }
  }
}
