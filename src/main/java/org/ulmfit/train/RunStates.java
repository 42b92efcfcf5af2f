package org.ulmfit.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.Checkpoints;
import org.ulmfit.io.PrettyJson;
import org.ulmfit.io.Safetensors;
import org.ulmfit.io.StrictJson;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.Rounding;
import org.ulmfit.nn.Tensors;

/**
 * Resumable states of a run: weights, optimiser, hidden state and position. No generator is stored;
 * randomness follows from the position.
 *
 * <pre>
 * checkpoints/step-00001200/state.safetensors   weights, adam.m.*, adam.v.*, average.*, carried.*
 * checkpoints/step-00001200/position.json       {"position": {...}, "adamSteps": [...], "fingerprint": "...",
 *                                               "computed": {"precision": "bf16", "rounding": "1f3a9c02"}}
 * </pre>
 */
public final class RunStates {

  private static final ObjectMapper JSON = PrettyJson.mapper();
  private static final String CARRIED = "carried.";
  private static final String STATE = "state.safetensors";
  private static final String POSITION = "position.json";
  private static final String AGAIN = "start again with --overwrite";

  /**
   * How the machine computes that a run is on.
   *
   * @param precision the arithmetic as a recipe writes it
   * @param rounding {@link org.ulmfit.nn.Rounding}
   */
  public record Computed(String precision, String rounding) {

    /** How kernels compute on this machine. */
    public static Computed by(Kernels kernels) {
      return new Computed(Precision.name(kernels.arithmetic()), Rounding.of(kernels));
    }
  }

  record Saved(Position position, long[] adamSteps, String fingerprint, Computed computed) {
    private boolean isWhole() {
      return position != null
          && adamSteps != null
          && fingerprint != null
          && computed != null
          && List.of("fp32", "bf16").contains(computed.precision)
          && computed.rounding != null;
    }
  }

  private final Checkpoints store;
  private final Recipe.CheckpointPolicy policy;
  private final String fingerprint;
  private final Computed computed;
  private final TrainingListener listener;
  private long lastStep;
  private long lastTime = System.nanoTime();

  /**
   * @param fingerprint of everything that must be the same for a resume to make sense
   * @param computed what else must be the same for a resumed run to end with the same bytes
   */
  public RunStates(
      Path dir,
      Recipe.CheckpointPolicy policy,
      String fingerprint,
      Computed computed,
      TrainingListener listener) {
    this.store = new Checkpoints(dir, policy.keep(), listener::note);
    this.policy = policy;
    this.fingerprint = fingerprint;
    this.computed = computed;
    this.listener = listener;
  }

  /** Of the recipe and the data. */
  public static String fingerprint(String recipe, Object... others) {
    return recipe.hashCode()
        + Arrays.stream(others).map(o -> " " + o).collect(Collectors.joining());
  }

  boolean due(long globalStep) {
    double minutes = (System.nanoTime() - lastTime) / 60e9;
    return (policy.everySteps() > 0 && globalStep - lastStep >= policy.everySteps())
        || (policy.everyMinutes() > 0 && minutes >= policy.everyMinutes());
  }

  /** Step of the last checkpoint that was saved or gone on from; 0: none. */
  long lastStep() {
    return lastStep;
  }

  void save(Position at, Task task, Adam adam, AveragedWeights averaged) {
    Map<String, NDArray> arrays = new LinkedHashMap<>(task.tensors());
    arrays.putAll(adam.state());
    arrays.putAll(averaged.state());
    task.carried().forEach((name, array) -> arrays.put(CARRIED + name, array));
    store.save(
        at.globalStep(),
        dir -> {
          Safetensors.write(dir.resolve(STATE), Map.of(), Tensors.entries(arrays));
          Saved saved = new Saved(at, adam.steps(), fingerprint, computed);
          Files.writeString(dir.resolve(POSITION), JSON.writeValueAsString(saved) + "\n");
        });
    lastStep = at.globalStep();
    lastTime = System.nanoTime();
  }

  /**
   * Whether an epoch is the best so far, and that counts.
   *
   * @param step at its end
   * @param lack what its validation lacks, {@link EarlyStopping#lack}
   */
  boolean isBest(long step, double lack) {
    return policy.best() != Recipe.Best.NONE
        && store
            .best()
            .filter(best -> best.checkpoint().step() < step) // a later one was given up
            .map(best -> lack < best.lack())
            .orElse(true);
  }

  /**
   * Keeps the state as the best so far.
   *
   * @param at before the validation that showed it
   */
  void saveBest(Position at, Task task, Adam adam, AveragedWeights averaged, double lack) {
    if (lastStep != at.globalStep()) {
      save(at, task, adam, averaged);
    }
    store.markBest(at.globalStep(), lack);
  }

  /**
   * Fills the task with the weights of the best checkpoint, if the recipe saves those.
   *
   * @param ema of the run: the averages are filled in where it has them
   * @param step of the weights it has
   * @return whether it has other weights now
   */
  boolean restoreBest(Task task, double ema, long step) {
    Optional<Checkpoints.Best> best = store.best();
    if (policy.best() != Recipe.Best.SAVE
        || best.isEmpty()
        || best.get().checkpoint().step() == step) {
      return false;
    }
    Checkpoints.Checkpoint checkpoint = best.get().checkpoint();
    try (Safetensors.Reader reader = Safetensors.Reader.open(checkpoint.dir().resolve(STATE))) {
      task.tensors()
          .forEach((name, array) -> Tensors.read(reader, AveragedWeights.saved(name, ema), array));
    }
    return true;
  }

  /** Global step of the latest sound checkpoint; 0 if there is none. */
  public long step() {
    return store.latest().map(c -> read(c).position().globalStep()).orElse(0L);
  }

  /**
   * Where the latest sound checkpoint stands; the start if there is none.
   *
   * @throws UlmfitException (bad model) if no run of these phases can stand there
   */
  Position position(List<Recipe.Phase> phases, Task task) {
    Optional<Checkpoints.Checkpoint> latest = store.latest();
    if (latest.isEmpty()) {
      return Position.START;
    }
    Saved saved = read(latest.get());
    Position at = saved.position();
    if (!at.isIn(phases, task)
        || Arrays.stream(saved.adamSteps()).anyMatch(n -> n < 0 || n > at.phaseStep())) {
      throw UlmfitException.badModel(
          latest.get().dir().resolve(POSITION) + ": no position in this run; " + AGAIN);
    }
    return at;
  }

  /**
   * The arithmetic of a run: what the recipe says; auto keeps the one that the run was begun in, on
   * whatever machine it is resumed.
   *
   * @param dir of its checkpoints
   * @param resume whether the run goes on from one
   */
  public static Precision precision(
      Path dir, boolean resume, Recipe.Precision setting, Device device) {
    Optional<String> begun =
        resume && setting == Recipe.Precision.AUTO
            ? new Checkpoints(dir, 1, warning -> {})
                .latest()
                .map(checkpoint -> whole(checkpoint).computed().precision())
            : Optional.empty();
    return Precision.of(setting.name(), device, begun);
  }

  /** A line for the user, if the latest checkpoint comes from a machine that rounds otherwise. */
  public Optional<String> elsewhere() {
    return store
        .latest()
        .map(this::read)
        .filter(saved -> !saved.computed().equals(computed))
        .map(
            saved ->
                "the checkpoint was made on another kind of processor, which rounds otherwise: the"
                    + " run goes on, but will not end with the bytes it would have ended with there");
  }

  private static Saved whole(Checkpoints.Checkpoint checkpoint) {
    Path file = checkpoint.dir().resolve(POSITION);
    Saved saved = StrictJson.read(file, Saved.class, UlmfitException.Kind.BAD_MODEL, AGAIN);
    if (!saved.isWhole() || saved.position.globalStep() != checkpoint.step()) {
      throw UlmfitException.badModel(file + ": no position in a run; " + AGAIN);
    }
    return saved;
  }

  private Saved read(Checkpoints.Checkpoint checkpoint) {
    Saved saved = whole(checkpoint);
    if (!saved.fingerprint().equals(fingerprint)) {
      throw UlmfitException.usage(
          checkpoint.dir()
              + ": was written with another recipe, corpus, vocabulary or start; repeat the first"
              + " command unchanged with --resume, or start again with --overwrite");
    }
    return saved;
  }

  /** Fills the task, the optimiser and the averages from the latest checkpoint. */
  void restore(Task task, Adam adam, AveragedWeights averaged) {
    Optional<Checkpoints.Checkpoint> latest = store.latest();
    Checkpoints.Checkpoint checkpoint = latest.orElseThrow();
    Saved saved = read(checkpoint);
    if (saved.adamSteps().length != adam.steps().length) {
      throw UlmfitException.badModel(checkpoint.dir() + ": another optimiser's state; " + AGAIN);
    }
    Map<String, NDArray> arrays = new LinkedHashMap<>(task.tensors());
    arrays.putAll(adam.restore(saved.adamSteps()));
    arrays.putAll(averaged.state());
    Path file = checkpoint.dir().resolve(STATE);
    try (Safetensors.Reader reader = Safetensors.Reader.open(file)) {
      boolean carries = reader.tensors().keySet().stream().anyMatch(n -> n.startsWith(CARRIED));
      if (carries) {
        task.allocateCarried().forEach((name, array) -> arrays.put(CARRIED + name, array));
      }
      arrays.forEach((name, array) -> Tensors.read(reader, name, array));
    }
    lastStep = saved.position().globalStep();
    listener.note("resumed from " + checkpoint.dir() + " at step " + lastStep);
  }
}
