package org.ulmfit;

import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.run.RunOptions;
import org.ulmfit.run.Runs;
import org.ulmfit.run.Work;
import org.ulmfit.train.TrainingListener;

/**
 * What both trainings have in common. Nothing is read or written before {@code into} or {@link
 * #plan}.
 *
 * @param <B> the builder itself
 */
public abstract sealed class TrainingBuilder<B extends TrainingBuilder<B>>
    permits LanguageModelBuilder, ClassifierBuilder {
  final Corpus corpus;
  private @Nullable Path recipe;
  private final List<String> overrides = new ArrayList<>();
  private int limit;
  private String device = "auto";
  private TrainingListener listener = new TrainingListener() {};
  private Stop stop = new Stop();
  private boolean resume;
  private boolean overwrite;
  private boolean texts = true;

  TrainingBuilder(Corpus corpus) {
    this.corpus = Objects.requireNonNull(corpus, "corpus");
  }

  abstract B self();

  /** A recipe by the name of one that ships with ulmfit ({@code imdb-cpu}), or a YAML file. */
  public B recipe(String nameOrFile) {
    return recipe(Path.of(nameOrFile));
  }

  /** A recipe file in YAML, laid over the defaults. */
  public B recipe(Path file) {
    recipe = Objects.requireNonNull(file, "recipe");
    return self();
  }

  /**
   * One key of the recipe, laid over all else; may be repeated.
   *
   * @param key dotted, as in {@code lm.batchSize}; all are in {@code docs/recipes.md}
   */
  public B set(String key, Object value) {
    overrides.add(key + "=" + value);
    return self();
  }

  /** Seed of every random stream, 0 to 4294967295; the same as {@code set("seed", seed)}. */
  public B seed(long seed) {
    return set("seed", seed);
  }

  /** At most so many documents of a split; 0 = all. */
  public B limit(int documents) {
    limit = documents;
    return self();
  }

  /** {@code auto} (the default), {@code cpu} or {@code cuda:N}. */
  public B device(String name) {
    device = Objects.requireNonNull(name, "device");
    return self();
  }

  /** Hears of every phase, step and epoch, and of what is worth telling; on the calling thread. */
  public B listener(TrainingListener value) {
    listener = Objects.requireNonNull(value, "listener");
    return self();
  }

  /**
   * Lets another thread end the training: it saves a checkpoint and throws an {@link
   * UlmfitException} of the kind INTERRUPTED. An interrupt of the training thread does the same,
   * but for one that comes as a file is written: it ends at once, and the run goes on from its last
   * checkpoint.
   */
  public B stop(Stop token) {
    stop = Objects.requireNonNull(token, "stop");
    return self();
  }

  /**
   * Goes on from the run's last checkpoint, if there is one. All that was given before is given
   * again, limit and direction too; a run that has ended is refused.
   */
  public B resume() {
    resume = true;
    return self();
  }

  /** Keeps texts of the corpus out of the run's report, which else tells those of surest errors. */
  public B noTexts() {
    texts = false;
    return self();
  }

  /** Replaces the run that the folder holds, once the new one has its data. */
  public B overwrite() {
    overwrite = true;
    return self();
  }

  final int limit() {
    return limit;
  }

  final String device() {
    return device;
  }

  final Recipe recipe() {
    return Recipes.load(recipe, overrides);
  }

  /** What was asked for beside the defaults. */
  final List<Recipes.Given> given() {
    return Recipes.given(recipe, overrides);
  }

  /** What {@link #set} was told. */
  final List<Recipes.Given> overridden() {
    return Recipes.given(overrides);
  }

  abstract Work<?, ?> work();

  /**
   * A dry run: sizes, parameters, steps and memory in lines; trains nothing, writes nothing.
   *
   * @throws UlmfitException usage, bad data or bad model
   */
  public List<String> plan() {
    Work<?, ?> work = work();
    return heard(
        "nothing was written",
        () -> Runs.plan(work, device, listener, stop.hearingInterrupts()).lines());
  }

  final <R> Runs.Finished<R> run(Work<?, R> work, Path out) {
    RunOptions options = new RunOptions(out, device, resume, overwrite, texts, null);
    return heard(
        "continue with resume",
        () -> Runs.run(work, options, listener, stop.hearingInterrupts(), finished -> {}));
  }

  /** An interrupt closes a file that is being read or written: no fault of the file. */
  private static <R> R heard(String remedy, Supplier<R> job) {
    try {
      return job.get();
    } catch (UlmfitException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof ClosedByInterruptException) {
          Thread.interrupted(); // it is heard
          throw new UlmfitException(
              UlmfitException.Kind.INTERRUPTED, "stopped by an interrupt; " + remedy, e);
        }
      }
      throw e;
    }
  }
}
