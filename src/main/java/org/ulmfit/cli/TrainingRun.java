package org.ulmfit.cli;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.prepare.Prepared;
import org.ulmfit.run.Fitting;
import org.ulmfit.run.RunOptions;
import org.ulmfit.run.Runs;
import org.ulmfit.run.Training;

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
   * Trains, or tells what would be trained.
   *
   * @param show the result, before the run ends
   * @return whether it trained
   */
  <D extends Prepared, M extends Training.Model, R> boolean go(
      Training<D, M, R> training, Consumer<Runs.Finished<R>> show) {
    Progress progress = new Progress(console, training.phases(training.recipe()));
    if (options == null) { // there is nothing to save: a signal just ends it
      Runs.plan(training, device, progress, new Stop()).lines().forEach(console::data);
      return false;
    }
    Interrupts.running(stop -> Runs.run(training, options, progress, stop, show));
    return true;
  }

  /** The same of what a solver fits. */
  <D extends Prepared, M, R> boolean go(Fitting<D, M, R> fitting, Consumer<Runs.Finished<R>> show) {
    Progress progress = new Progress(console, List.of());
    if (options == null) {
      Runs.plan(fitting, progress, new Stop()).lines().forEach(console::data);
      return false;
    }
    Interrupts.running(stop -> Runs.fit(fitting, options, progress, stop, show));
    return true;
  }
}
