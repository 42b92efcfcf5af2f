package org.ulmfit.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.ulmfit.Stop;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Torch;
import org.ulmfit.run.RunLog;
import org.ulmfit.run.Training;

/**
 * One run of the trainer, on any model.
 *
 * @param <M> the model
 */
public final class TrainerRun<M extends Training.Model> {
  private final Recipe recipe;
  private final List<Recipe.Phase> phases;
  private final Recipe.Optimizer optimizer;
  private final BiFunction<NDManager, Kernels, M> models;
  private final BiFunction<M, TrainingListener, Task> tasks;
  private Kernels.Arithmetic arithmetic = Kernels.Arithmetic.FLOAT32;
  private Path checkpoints;
  private Path log;
  private boolean resume;
  private long modelSeed = 1;
  private int patience;
  private double ema;
  private long stopAfter = -1;
  private Consumer<M> prepare = model -> {};
  private Consumer<M> everyStep = model -> {};

  /**
   * @param models makes the model, once the engine is seeded
   * @param tasks makes what is trained
   */
  public TrainerRun(
      Recipe recipe,
      List<Recipe.Phase> phases,
      Recipe.Optimizer optimizer,
      BiFunction<NDManager, Kernels, M> models,
      BiFunction<M, TrainingListener, Task> tasks) {
    this.recipe = recipe;
    this.phases = phases;
    this.optimizer = optimizer;
    this.models = models;
    this.tasks = tasks;
  }

  /**
   * What a run leaves: all tensors bit for bit, its epochs, the loss of each step, and what the
   * tensors are worth.
   */
  public record Outcome(
      List<float[]> tensors,
      List<TrainingListener.Epoch> epochs,
      List<Double> losses,
      Evaluation saved) {}

  public TrainerRun<M> arithmetic(Kernels.Arithmetic value) {
    arithmetic = value;
    return this;
  }

  /** Checkpoints go there. */
  public TrainerRun<M> checkpoints(Path dir) {
    checkpoints = dir;
    return this;
  }

  /** Averages of this decay are validated and saved. */
  public TrainerRun<M> ema(double decay) {
    ema = decay;
    return this;
  }

  public TrainerRun<M> patience(int epochs) {
    patience = epochs;
    return this;
  }

  public TrainerRun<M> modelSeed(long seed) {
    modelSeed = seed;
    return this;
  }

  /** Checkpoints go there; a stop is asked for after this many steps of the run. */
  public TrainerRun<M> stopAfter(Path dir, long steps) {
    checkpoints = dir;
    stopAfter = steps;
    return this;
  }

  /** Where the run writes its log; none without. */
  public TrainerRun<M> log(Path file) {
    log = file;
    return this;
  }

  public TrainerRun<M> resume(Path dir) {
    checkpoints = dir;
    resume = true;
    return this;
  }

  public TrainerRun<M> prepare(Consumer<M> action) {
    prepare = action;
    return this;
  }

  public TrainerRun<M> everyStep(Consumer<M> action) {
    everyStep = action;
    return this;
  }

  public Outcome go() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu());
        Kernels kernels = Kernels.load(Device.cpu(), arithmetic)) {
      Torch.seed(modelSeed);
      try (M model = models.apply(manager, kernels)) {
        prepare.accept(model);
        return train(model, kernels);
      }
    }
  }

  private Outcome train(M model, Kernels kernels) {
    Stop stop = new Stop();
    LossRecorder listener =
        new LossRecorder() {
          @Override
          public void step(Step step) {
            super.step(step);
            everyStep.accept(model);
            if (step.globalStep() == stopAfter) {
              stop.request();
            }
          }
        };
    RunStates states =
        checkpoints == null
            ? null
            : new RunStates(
                checkpoints, recipe.checkpoint(), "test", RunStates.Computed.by(kernels), listener);
    try (RunLog written =
        log == null ? null : new RunLog(log, resume ? states.step() : -1, listener)) {
      TrainingListener events = written == null ? listener : written;
      Task task = tasks.apply(model, events);
      EarlyStopping stopping = new EarlyStopping(recipe.checkpoint().bestBy(), patience);
      Trainer trainer =
          new Trainer(
              task, new Fit(phases, optimizer, ema, recipe.seed()), states, stopping, events, stop);
      List<TrainingListener.Epoch> epochs = trainer.run(resume);
      Evaluation saved = trainer.outcome();
      return new Outcome(tensors(task.tensors()), epochs, listener.losses(), saved);
    }
  }

  /** Every tensor's bits, in order. */
  public static List<float[]> tensors(Map<String, NDArray> tensors) {
    return tensors.values().stream().map(NDArray::toFloatArray).toList();
  }
}
