package org.ulmfit.run;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.Torch;
import org.ulmfit.prepare.Prepared;
import org.ulmfit.report.RunPart;
import org.ulmfit.report.RunReport;
import org.ulmfit.train.LrCurve;
import org.ulmfit.train.MemoryEstimate;
import org.ulmfit.train.RateSweep;
import org.ulmfit.train.RunStates;
import org.ulmfit.train.Task;
import org.ulmfit.train.Trainer;
import org.ulmfit.train.TrainingListener;

/**
 * The engine of runs, the same for every {@link Work}: takes the run's folder, prepares the data,
 * trains from the start or from a checkpoint or fits, measures, saves, reports, ends.
 */
public final class Runs {

  private Runs() {}

  /**
   * A run that came to its end.
   *
   * @param report {@code RUN/report/report.md}
   */
  public record Finished<R>(R result, Path report) {}

  /**
   * Prepares the data and says what {@link #run} would make, without making it.
   *
   * @throws UlmfitException as {@link #run}
   */
  public static <R> Plan plan(
      Work<?, R> work, String deviceName, TrainingListener listener, Stop stop) {
    if (work instanceof Training<?, ?, R> training) {
      return planned(training, deviceName, listener, stop);
    }
    return planned((Fitting<?, ?, R>) work, listener, stop);
  }

  /**
   * Trains or fits.
   *
   * @param told gets the result before the checkpoints are removed: a run that ends in it can be
   *     resumed, and comes to it again
   * @throws UlmfitException usage, bad data, bad model, or interrupted after a stop request
   */
  public static <R> Finished<R> run(
      Work<?, R> work,
      RunOptions options,
      TrainingListener listener,
      Stop stop,
      Consumer<Finished<R>> told) {
    if (work instanceof Training<?, ?, R> training) {
      return train(training, options, listener, stop, told);
    }
    return fit((Fitting<?, ?, R>) work, options, listener, stop, told);
  }

  /**
   * Tries learning rates, each for one step, on a model that goes with it; saves nothing.
   *
   * @param phase whose layer groups are trained, from 0
   * @throws UlmfitException as {@link #run}; (usage) if there is no such phase
   */
  public static <D extends Prepared, M extends Training.Model, R> LrCurve sweep(
      Training<D, M, R> training,
      String deviceName,
      int phase,
      RateSweep sweep,
      TrainingListener listener,
      Stop stop) {
    Recipe asked = training.recipe();
    if (phase >= training.phases(asked).size()) {
      throw UlmfitException.usage(
          Shown.format(
              "phase %d: the recipe has %d; count from 1",
              phase + 1, training.phases(asked).size()));
    }
    Device device = Torch.device(deviceName);
    Precision precision = Precision.of(asked.precision().name(), device);
    try (Turn turn = Turn.take();
        ScratchFolder scratch = ScratchFolder.make();
        D data = training.prepare(asked, scratch.path(), listener::note, stop);
        Backend backend = Backend.open(device, precision)) {
      Recipe recipe = training.settle(asked, data);
      listener.note(backend.precision().line());
      training.choices(recipe, data).forEach(listener::note);
      return new Sweeps(backend, turn, listener, stop)
          .curve(training, recipe, data, phase, sweep, listener::note);
    }
  }

  private static <D extends Prepared, M extends Training.Model, R> Plan planned(
      Training<D, M, R> training, String deviceName, TrainingListener listener, Stop stop) {
    Device device = Torch.device(deviceName);
    Precision cheap = Precision.of("fp32", Device.cpu());
    try (Turn turn = Turn.take();
        ScratchFolder scratch = ScratchFolder.make();
        D data = training.prepare(training.recipe(), scratch.path(), listener::note, stop);
        Backend backend = Backend.open(Device.cpu(), cheap)) {
      Recipe recipe = training.settle(training.recipe(), data);
      turn.seed(recipe.seed(), training.weightsStream());
      try (M model = training.model(recipe, data, backend)) {
        Task task = training.task(recipe, data, model, note -> {});
        Trainer.check(task, training.phases(recipe), training.optimizer(recipe));
        List<String> lines = described(training, recipe, data);
        lines.addAll(Plan.parameters(model.groups()));
        lines.addAll(Plan.phases(training.phases(recipe), task));
        Precision precision = Precision.of(recipe.precision().name(), device);
        MemoryEstimate memory = task.memory(precision.arithmetic());
        lines.add(memory.line());
        memory.warning(device, training.memoryKeys()).ifPresent(lines::add);
        return new Plan(lines);
      }
    }
  }

  private static <D extends Prepared, M extends Training.Model, R> Finished<R> train(
      Training<D, M, R> training,
      RunOptions options,
      TrainingListener listener,
      Stop stop,
      Consumer<Finished<R>> told) {
    Recipe asked = training.recipe();
    try (Turn turn = Turn.take();
        RunFolder folder = open(training, options)) {
      Device device = Torch.device(options.device());
      Precision precision =
          RunStates.precision(folder.checkpoints(), options.resume(), asked.precision(), device);
      Stopwatch watch = new Stopwatch();
      var begun = folder.begin(asked, preparation(training, listener, stop));
      watch.ended(RunPart.PREPARING);
      try (D data = begun.data();
          Backend backend = Backend.open(device, precision)) {
        Sweeps sweeps = new Sweeps(backend, turn, listener, stop);
        Sweeps.Settled swept = sweeps.settle(training, begun.recipe(), data);
        if (!swept.lines().isEmpty()) {
          watch.ended(RunPart.SWEEPING);
        }
        Recipe recipe = swept.recipe();
        folder.settle(recipe);
        turn.seed(recipe.seed(), training.weightsStream());
        try (M model = training.model(recipe, data, backend)) {
          var one =
              new OneRun<>(training, options, folder, recipe, swept, data, backend, model, watch);
          return folder.end(one.train(listener, stop), told);
        }
      }
    }
  }

  private static <D extends Prepared, M, R> Plan planned(
      Fitting<D, M, R> fitting, TrainingListener listener, Stop stop) {
    try (ScratchFolder scratch = ScratchFolder.make();
        D data = fitting.prepare(fitting.recipe(), scratch.path(), listener::note, stop)) {
      return new Plan(described(fitting, fitting.settle(fitting.recipe(), data), data));
    }
  }

  private static <D extends Prepared, M, R> Finished<R> fit(
      Fitting<D, M, R> fitting,
      RunOptions options,
      TrainingListener listener,
      Stop stop,
      Consumer<Finished<R>> told) {
    try (RunFolder folder = open(fitting, options)) {
      Stopwatch watch = new Stopwatch();
      var begun = folder.begin(fitting.recipe(), preparation(fitting, listener, stop));
      watch.ended(RunPart.PREPARING);
      Recipe recipe = begun.recipe();
      try (D data = begun.data()) {
        R result;
        folder.beginUnfinished();
        try (RunLog log = new RunLog(folder.log(), -1, listener)) {
          begin(log, options);
          data.summary().remarks().forEach(log::record);
          fitting.choices(recipe, data).forEach(log::note);
          M model = fitting.fit(recipe, data, folder.checkpoints(), log::note, stop);
          watch.ended(RunPart.FITTING);
          result = fitting.result(recipe, data, model, folder.path());
          watch.ended(RunPart.MEASURING);
          fitting.findings(result).forEach(log::note);
          log.saving();
          fitting.save(recipe, data, model, result);
          watch.ended(RunPart.SAVING);
          watch.write(log);
        }
        var reporting = new Work.Reporting(folder.path(), options.texts(), listener::note, stop);
        Path report = report(fitting, data, result, reporting).report();
        return folder.end(new Finished<>(result, report), told);
      }
    }
  }

  static void begin(RunLog log, RunOptions options) {
    Invocation invocation = options.invocation();
    if (invocation != null) {
      log.command(invocation);
    }
  }

  static <D extends Prepared, R> RunReport.Written report(
      Work<D, R> work, D data, R result, Work.Reporting reporting) {
    return RunReport.write(reporting.run(), work.title(), work.answers(data, result, reporting));
  }

  private static RunFolder open(Work<?, ?> work, RunOptions options) {
    RunFolder folder = RunFolder.open(options.out(), options.resume(), options.overwrite());
    try {
      folder.checkUnfinished(work.kind());
      checkOutside(folder, work.corpus());
      work.inputs().forEach((what, path) -> folder.checkOutside(path, what));
      return folder;
    } catch (RuntimeException | Error e) {
      folder.close();
      throw e;
    }
  }

  private static <D extends Prepared> List<String> described(
      Work<D, ?> work, Recipe recipe, D data) {
    List<String> lines = new ArrayList<>();
    lines.add("train: " + data.train().description());
    lines.add("valid: " + data.valid().description());
    lines.addAll(work.describe(recipe, data));
    lines.addAll(work.choices(recipe, data));
    return lines;
  }

  private static void checkOutside(RunFolder folder, Corpus corpus) {
    for (Corpus one : Arrays.asList(corpus, corpus.valid(), corpus.test())) {
      if (one != null && one.path() != null) {
        folder.checkOutside(one.path(), "corpus");
      }
    }
  }

  private static <D extends Prepared> RunFolder.Preparation<D> preparation(
      Work<D, ?> work, TrainingListener listener, Stop stop) {
    return new RunFolder.Preparation<>() {
      @Override
      public D prepare(Recipe recipe, Path dir) {
        return work.prepare(recipe, dir, listener::note, stop);
      }

      @Override
      public Recipe settle(Recipe recipe, D data) {
        return work.settle(recipe, data);
      }
    };
  }
}
