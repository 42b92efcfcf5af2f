package org.ulmfit.cli;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.run.RunOptions;
import org.ulmfit.run.Runs;
import org.ulmfit.run.Work;

/** A training on the command line: progress on stderr, stopped by a signal, or only looked at. */
final class TrainingRun {
  private final Console console;
  private final String device;
  private final @Nullable RunOptions options; // null: a dry run

  private TrainingRun(Console console, String device, @Nullable RunOptions options) {
    this.console = console;
    this.device = device;
    this.options = options;
  }

  static TrainingRun of(Console console, RunMixin run, EngineMixin engine) {
    RunOptions options = run.dryRun() ? null : run.options(engine.device());
    return new TrainingRun(console, engine.device(), options);
  }

  static TrainingRun of(Console console, RunOptions options) {
    return new TrainingRun(console, options.device(), options);
  }

  /**
   * Trains or fits, or tells what would be made.
   *
   * @param show the result, before the run ends
   * @return whether it was no dry run
   */
  <R> boolean go(Work<?, R> work, Consumer<Runs.Finished<R>> show) {
    Progress progress = new Progress(console, work.phases(work.recipe()));
    if (options == null) { // there is nothing to save: a signal just ends it
      Runs.plan(work, device, progress, new Stop()).lines().forEach(console::data);
      return false;
    }
    Interrupts.running(stop -> Runs.run(work, options, progress, stop, show));
    return true;
  }
}
