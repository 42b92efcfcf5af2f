package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.run.RunOptions;
import picocli.CommandLine.Option;

/** The folder of a training run and what may happen to it. */
final class RunMixin {
  @Option(
      names = "--out",
      paramLabel = "RUN",
      description =
          "Folder of the run: recipe, log, checkpoints, models, report. Needed, but for a dry run.")
  private @Nullable Path out;

  @Option(
      names = "--resume",
      description = "Go on from the last checkpoint in RUN; give the same options again.")
  private boolean resume;

  @Option(names = "--overwrite", description = "Replace the run that RUN holds.")
  private boolean overwrite;

  @Option(
      names = "--dry-run",
      description = "Tell sizes, parameters, steps and memory; train nothing, write nothing.")
  private boolean dryRun;

  /**
   * Null only in a dry run, which needs none.
   *
   * @throws UlmfitException (usage) if it is missing
   */
  @Nullable Path out() {
    if (out == null && !dryRun) {
      throw UlmfitException.usage("--out RUN is missing; or look at the sizes with --dry-run");
    }
    return out;
  }

  RunOptions options(String device) {
    return new RunOptions(Objects.requireNonNull(out()), device, resume, overwrite);
  }

  boolean dryRun() {
    return dryRun;
  }
}
