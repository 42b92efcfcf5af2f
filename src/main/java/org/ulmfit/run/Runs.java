package org.ulmfit.run;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.Torch;
import org.ulmfit.prepare.Prepared;
import org.ulmfit.report.RunReport;
import org.ulmfit.train.EarlyStopping;
import org.ulmfit.train.Evaluation;
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
          "phase %d: the recipe has %d; count from 1"
              .formatted(phase + 1, training.phases(asked).size()));
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
        lines.addAll(Plan.phases(training.phases(recipe), task.stepsPerEpoch()));
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
      var begun = folder.begin(asked, preparation(training, listener, stop));
      try (D data = begun.data();
          Backend backend = Backend.open(device, precision)) {
        Sweeps sweeps = new Sweeps(backend, turn, listener, stop);
        Sweeps.Settled swept = sweeps.settle(training, begun.recipe(), data);
        Recipe recipe = swept.recipe();
        folder.settle(recipe);
        turn.seed(recipe.seed(), training.weightsStream());
        try (M model = training.model(recipe, data, backend)) {
          var one =
              new OneRun<>(training, options, folder, recipe, swept.lines(), data, backend, model);
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
      var begun = folder.begin(fitting.recipe(), preparation(fitting, listener, stop));
      Recipe recipe = begun.recipe();
      try (D data = begun.data()) {
        R result;
        try (RunLog log = new RunLog(folder.log(), -1, listener)) {
          data.summary().remarks().forEach(log::record);
          fitting.choices(recipe, data).forEach(log::note);
          M model = fitting.fit(recipe, data, folder.checkpoints(), log::note, stop);
          result = fitting.result(recipe, data, model, folder.path());
          fitting.findings(result).forEach(log::note);
          log.saving();
          fitting.save(recipe, data, model, result);
        }
        Path report = report(fitting, folder, result).report();
        return folder.end(new Finished<>(result, report), told);
      }
    }
  }

  private static <R> RunReport.Written report(Work<?, R> work, RunFolder folder, R result) {
    return RunReport.write(
        folder.path(),
        work.title(),
        work.scores(result).orElse(null),
        work.gain(result).orElse(null));
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

  /** One run, with all it has. */
  private record OneRun<D extends Prepared, M extends Training.Model, R>(
      Training<D, M, R> training,
      RunOptions options,
      RunFolder folder,
      Recipe recipe,
      List<String> swept,
      D data,
      Backend backend,
      M model) {

    Finished<R> train(TrainingListener listener, Stop stop) {
      RunStates states =
          new RunStates(
              folder.checkpoints(),
              recipe.checkpoint(),
              fingerprint(),
              RunStates.Computed.by(backend.kernels()),
              listener);
      long resumeStep = options.resume() ? states.step() : -1;
      R result;
      try (RunLog log = new RunLog(folder.log(), resumeStep, listener)) {
        Task task = training.task(recipe, data, model, log::note);
        task.memory(backend.precision().arithmetic())
            .warning(backend.device(), training.memoryKeys())
            .ifPresent(listener::note);
        data.summary().remarks().forEach(log::record);
        log.note(backend.precision().line());
        if (options.resume()) {
          states.elsewhere().ifPresent(log::note);
        }
        training.choices(recipe, data).forEach(log::note);
        swept.forEach(log::record); // they were told when it was done
        Trainer trainer =
            new Trainer(
                task,
                training.phases(recipe),
                training.optimizer(recipe),
                recipe.seed(),
                states,
                new EarlyStopping(recipe.checkpoint().bestBy(), training.patience(recipe)),
                log,
                stop);
        Optional<Evaluation> before = Optional.empty();
        if (training.begin(recipe, data, model, log::note)) {
          Evaluation evaluation = task.validate();
          log.note(training.before(data, evaluation));
          before = Optional.of(evaluation);
        }
        stop.check("before training; continue with --resume");
        trainer.run(options.resume());
        Trained<D, M> trained =
            new Trained<>(
                folder.path(),
                recipe,
                data,
                model,
                backend.kernels().arithmetic(),
                before,
                trainer.outcome());
        result = training.result(trained);
        training.findings(result).forEach(log::note);
        log.saving();
        training.save(trained, result);
      }
      RunReport.Written written = report(training, folder, result);
      written.advice().forEach(listener::note);
      return new Finished<>(result, written.report());
    }

    /** Of everything that must be the same for a resume to make sense. */
    private String fingerprint() {
      return RunStates.fingerprint(
          Recipes.toYaml(recipe),
          training.direction(),
          data.vocab().sha256(),
          data.train().tokens(),
          data.labels());
    }
  }
}
