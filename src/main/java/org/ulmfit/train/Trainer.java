package org.ulmfit.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.LayerGroup;
import org.ulmfit.random.Seeds;

/**
 * The loop, for both tasks: phases of epochs of steps. Everything random is a function of (seed,
 * phase, epoch, step), so a run that is resumed draws what it would have drawn.
 */
public final class Trainer {

  private final Task task;
  private final Fit fit;
  private final TrainingListener listener;
  private final @Nullable RunStates checkpoints;
  private final EarlyStopping stopping;
  private final Stop stop;
  private final List<TrainingListener.Epoch> table = new ArrayList<>();

  private SmoothedLoss smoothed = SmoothedLoss.NONE;
  private long globalStep;

  /**
   * @param checkpoints null: none are written
   * @param stopping which epoch is the best, and when a phase ends early
   * @param stop makes the loop finish its step, save a checkpoint and end
   */
  public Trainer(
      Task task,
      Fit fit,
      @Nullable RunStates checkpoints,
      EarlyStopping stopping,
      TrainingListener listener,
      Stop stop) {
    this.task = task;
    this.fit = fit;
    this.checkpoints = checkpoints;
    this.listener = listener;
    this.stopping = stopping;
    this.stop = stop;
    check(task, fit.phases(), fit.optimizer());
  }

  /**
   * Whether the phases fit the model.
   *
   * @throws UlmfitException (usage) if one has rates or a schedule that cannot be, or trains from a
   *     layer group that there is not
   */
  public static void check(Task task, List<Recipe.Phase> phases, Recipe.Optimizer optimizer) {
    int groups = task.groups().size();
    for (int p = 0; p < phases.size(); p++) {
      Recipe.Phase phase = phases.get(p);
      try {
        LayerRates.freezeTo(phase.freezeTo(), groups);
        LayerRates.shares(phase.rates(), groups);
        Schedule.of(phase.schedule(), task.steps(p, phase.epochs()), optimizer.beta1());
      } catch (UlmfitException e) {
        throw UlmfitException.usage(
            task.name() + ": phase " + (p + 1) + " of " + phases.size() + ": " + e.getMessage());
      }
    }
  }

  /**
   * Trains all phases, from the latest checkpoint if {@code resume} and there is one.
   *
   * @return the epochs of this call, in order
   * @throws UlmfitException if the loss stops being finite, or (interrupted) after a stop request
   */
  public List<TrainingListener.Epoch> run(boolean resume) {
    Position start =
        resume && checkpoints != null ? checkpoints.position(fit.phases(), task) : Position.START;
    globalStep = start.globalStep();
    smoothed = start.smoothed();
    try (AveragedWeights averaged = new AveragedWeights(task, fit.ema())) {
      for (int p = start.phase(); p < fit.phases().size(); p++) {
        runPhase(p, p == start.phase() ? start : Position.atPhase(p, globalStep), averaged);
      }
      averaged.exchange(); // what is saved is what was validated
    }
    return table;
  }

  /**
   * The evaluation of the weights to be saved: those of the last epoch or, if the recipe saves
   * those and {@link #run} has come to its end, of the best.
   */
  public Evaluation outcome() {
    boolean restored = checkpoints != null && checkpoints.restoreBest(task, fit.ema(), globalStep);
    if (!restored) {
      return table.get(table.size() - 1).validation();
    }
    Evaluation evaluation = task.validate();
    listener.note(
        Shown.format(
            "the model is that of the %s; its loss is %.4f",
            stopping.best(evaluation), evaluation.loss()));
    return evaluation;
  }

  private void runPhase(int index, Position from, AveragedWeights averaged) {
    Recipe.Phase phase = fit.phases().get(index);
    List<LayerGroup> groups = task.groups();
    LayerRates.freeze(phase.freezeTo(), groups);
    int steps = task.steps(index, phase.epochs());
    double[] peaks = LayerRates.of(phase.rates(), groups.size());
    Schedule schedule = Schedule.of(phase.schedule(), steps, fit.optimizer().beta1());
    // every phase is a fit of its own with a fresh optimiser, as in fastai 0.7 and after freeze_to
    try (Adam adam = new Adam(task.manager(), task.kernels(), groups, fit.optimizer())) {
      if (checkpoints != null && from.phaseStep() > 0) {
        checkpoints.restore(task, adam, averaged);
      } else {
        smoothed = SmoothedLoss.NONE;
      }
      listener.phase(
          new TrainingListener.PhaseStart(
              task.name(),
              index,
              fit.phases().size(),
              phase.freezeTo(),
              from.epoch(),
              phase.epochs(),
              steps,
              task.lossName(),
              task.accuracyName(),
              groups(phase, groups)));
      Position at = from;
      do {
        at = runEpoch(at, steps, peaks, schedule, adam, averaged);
        // random windows may end an epoch before the steps its schedule counts, as in fastai 0.7
      } while (at.phaseStep() < steps && at.epoch() < phase.epochs() && !endsEarly(at, phase));
    }
  }

  private static List<TrainingListener.Group> groups(Recipe.Phase phase, List<LayerGroup> groups) {
    double[] shares = LayerRates.shares(phase.rates(), groups.size());
    return IntStream.range(0, shares.length)
        .mapToObj(g -> new TrainingListener.Group(groups.get(g).name(), shares[g]))
        .toList();
  }

  private boolean endsEarly(Position at, Recipe.Phase phase) {
    if (!stopping.ends(at)) {
      return false;
    }
    listener.note(
        Shown.format(
            "phase %d of %d ends after epoch %d of %s: none of the last %d was better than the"
                + " best before (%s)",
            at.phase() + 1,
            fit.phases().size(),
            at.epoch(),
            TrainingListener.text(phase.epochs()),
            stopping.patience(),
            stopping.best(table.get(table.size() - 1).validation())));
    return true;
  }

  private Position runEpoch(
      Position from,
      int steps,
      double[] peaks,
      Schedule schedule,
      Adam adam,
      AveragedWeights averaged) {
    task.startEpoch(fit.seed(), from.phase(), from.epoch(), from.epochStep());
    Position at = from;
    long started = System.nanoTime();
    int batches = task.batches(from.phase(), from.epoch());
    while (at.phaseStep() < steps && at.epochStep() < batches && task.hasNext()) {
      long tokens = oneStep(at, steps, peaks, schedule, adam);
      averaged.update(globalStep);
      double seconds = from.epochSeconds() + (System.nanoTime() - started) / 1e9;
      at = at.next(globalStep, smoothed, tokens, seconds);
      boolean stopped = isStopRequested();
      if (checkpoints != null && (stopped || checkpoints.due(globalStep))) {
        listener.saving();
        checkpoints.save(at, task, adam, averaged);
      }
      if (stopped) {
        stop(at);
      }
    }
    long validationStarted = System.nanoTime();
    averaged.exchange();
    Evaluation validation = task.validate();
    averaged.exchange();
    hearInterrupt();
    TrainingListener.Epoch row =
        new TrainingListener.Epoch(
            from.phase(),
            from.epoch(),
            smoothed.value(),
            validation,
            Metrics.perplexity(validation.loss()),
            at.epochTokens(),
            at.epochSeconds(),
            (System.nanoTime() - validationStarted) / 1e9);
    table.add(row);
    listener.epoch(row);
    double lack = stopping.lack(validation);
    if (checkpoints != null && checkpoints.isBest(globalStep, lack)) {
      listener.saving();
      checkpoints.saveBest(at, task, adam, averaged, lack);
    }
    return at.nextEpoch(lack);
  }

  /** Set the rate, forward, backward, clip, update, report. */
  private long oneStep(Position at, int steps, double[] peaks, Schedule schedule, Adam adam) {
    long started = System.nanoTime();
    double scale = schedule.scale(at.phaseStep());
    double beta1 = schedule.beta1(at.phaseStep());
    double[] rates = peaks.clone();
    for (int g = 0; g < rates.length; g++) {
      rates[g] *= scale;
    }
    Stepper.Taken taken =
        new Stepper(task, adam)
            .take(Seeds.of(fit.seed(), at.phase(), at.epoch(), at.epochStep()), rates, beta1);
    if (!taken.isFinite()) {
      throw diverged(at, taken, rates[rates.length - 1]);
    }
    hearInterrupt();
    smoothed = smoothed.with(taken.loss());
    globalStep++;
    listener.step(
        new TrainingListener.Step(
            at.phase(),
            at.epoch(),
            at.phaseStep(),
            steps,
            globalStep,
            taken.loss(),
            smoothed.value(),
            rates[rates.length - 1],
            beta1,
            taken.norm(),
            taken.tokens(),
            (System.nanoTime() - started) / 1e9));
    return taken.tokens();
  }

  private boolean isStopRequested() {
    hearInterrupt();
    return stop.requested();
  }

  /** An interrupted thread cannot write files: its interrupt becomes a request to stop. */
  private void hearInterrupt() {
    if (Thread.interrupted()) {
      stop.request();
    }
  }

  private void stop(Position at) {
    stop.check(
        "after step "
            + at.globalStep()
            + (checkpoints == null
                ? ": no checkpoint was asked for"
                : ": checkpoint saved, continue with --resume"));
  }

  private UlmfitException diverged(Position at, Stepper.Taken taken, double rate) {
    long kept = checkpoints == null ? 0 : checkpoints.lastStep();
    return UlmfitException.failure(
        Shown.format(
            "%s: loss %s, gradient norm %s at phase %d step %d, learning rate %.3g; %s; start"
                + " again with lower rates or a clip",
            task.name(),
            taken.loss(),
            taken.norm(),
            at.phase() + 1,
            at.phaseStep(),
            rate,
            kept == 0
                ? "no checkpoint was saved before it"
                : "the checkpoint of step " + kept + " is kept"),
        null);
  }
}
