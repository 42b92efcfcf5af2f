package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.run.Invocation;
import org.ulmfit.run.RunOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The folder of a training run and what may happen to it. */
final class RunMixin {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

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

  private boolean texts = true;

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

  /** The run's report tells no texts of the corpus. */
  void withoutTexts() {
    texts = false;
  }

  RunOptions options(String device) {
    // asked for where there is no dry run
    Path run = Objects.requireNonNull(out());
    Invocation invocation = CommandText.training(spec, run.toString());
    return new RunOptions(run, device, resume, overwrite, texts, invocation);
  }

  boolean dryRun() {
    return dryRun;
  }
}
