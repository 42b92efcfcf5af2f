package org.ulmfit.run;

import java.util.Optional;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.nn.Backend;
import org.ulmfit.prepare.Prepared;
import org.ulmfit.report.RunPart;
import org.ulmfit.report.RunReport;
import org.ulmfit.train.EarlyStopping;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Fit;
import org.ulmfit.train.RunStates;
import org.ulmfit.train.Task;
import org.ulmfit.train.Trainer;
import org.ulmfit.train.TrainingListener;
import org.ulmfit.vocab.TokenStore;

/** One run, with all it has. */
record OneRun<D extends Prepared, M extends Training.Model, R>(
    Training<D, M, R> training,
    RunOptions options,
    RunFolder folder,
    Recipe recipe,
    Sweeps.Settled swept,
    D data,
    Backend backend,
    M model,
    Stopwatch watch) {

  Runs.Finished<R> train(TrainingListener listener, Stop stop) {
    RunStates states =
        new RunStates(
            folder.checkpoints(),
            recipe.checkpoint(),
            fingerprint(),
            RunStates.Computed.by(backend.kernels()),
            listener);
    long resumeStep = options.resume() ? states.step() : -1;
    R result;
    try (RunLog log = new RunLog(folder.log(), resumeStep, new SpikeWatch(listener))) {
      Runs.begin(log, options);
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
      if (training.ema(recipe) > 0) {
        log.note("validated and saved: averages of the weights, decay " + training.ema(recipe));
      }
      swept.lines().forEach(log::record); // they were told when it was done
      swept.advice().forEach(log::advice);
      Trainer trainer =
          new Trainer(
              task,
              new Fit(
                  training.phases(recipe),
                  training.optimizer(recipe),
                  training.ema(recipe),
                  recipe.seed()),
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
      watch.ended(RunPart.STARTING);
      watch.write(log);
      OtherLoad others = OtherLoad.watch();
      trainer.run(options.resume());
      log.load(others.cores().orElse(null), Runtime.getRuntime().availableProcessors());
      watch.skip();
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
      watch.ended(RunPart.MEASURING);
      training.findings(result).forEach(log::note);
      log.saving();
      training.save(trained, result);
      watch.ended(RunPart.SAVING);
      watch.write(log);
    }
    var reporting = new Work.Reporting(folder.path(), options.texts(), listener::note, stop);
    RunReport.Written written = Runs.report(training, data, result, reporting);
    written.advice().forEach(listener::note);
    return new Runs.Finished<>(result, written.report());
  }

  /** Of everything that must be the same for a resume to make sense. */
  private String fingerprint() {
    return RunStates.fingerprint(
        Recipes.toYaml(recipe),
        training.direction(),
        training.startSum(),
        data.vocab().sha256(),
        data.learned().stream().map(TokenStore::sha256).toList(),
        data.labels());
  }
}
