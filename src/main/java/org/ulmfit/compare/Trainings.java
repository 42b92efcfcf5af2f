package org.ulmfit.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.ClassifierResult;
import org.ulmfit.classifier.EmbeddingFitting;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.LeastSteps;
import org.ulmfit.classifier.Start;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.lm.Pretrained;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.prepare.RowFiles;
import org.ulmfit.run.Invocation;
import org.ulmfit.run.RunFolder;
import org.ulmfit.run.RunOptions;
import org.ulmfit.run.Runs;
import org.ulmfit.run.RunsListener;
import org.ulmfit.run.Training;
import org.ulmfit.run.Work;
import org.ulmfit.train.TrainingListener;

/** Makes the models of a comparison, each a run of its own, and asks them. */
final class Trainings {
  private static final String RECIPE = "recipe.yaml";

  private final CompareJob job;
  private final CompareFolder folder;
  private final RunsListener listener;
  private final Pace pace;
  private final Stop stop;

  Trainings(CompareJob job, CompareFolder folder, RunsListener listener, Budget budget, Stop stop) {
    this.job = job;
    this.folder = folder;
    this.listener = listener;
    this.pace = new Pace(budget, listener);
    this.stop = stop;
  }

  /**
   * Whether a contestant can be trained, or go on with what is there of it.
   *
   * @throws UlmfitException (usage) if its run was begun with another encoder or recipe
   */
  void check(Contestant contestant, List<String> sets) {
    Path run = folder.run(contestant);
    Cost cost = job.resume() ? folder.costOf(contestant) : Cost.NONE;
    Work<?, ClassifierResult> work = work(contestant, sets, cost, job.corpus());
    checkStart(run, cost, start(contestant, work));
    if (cost.trained() && RunFolder.isComplete(run, work.kind())) {
      checkRecipe(run, work.recipe());
    }
  }

  /** What would be trained. */
  Work<?, ClassifierResult> work(Contestant contestant, List<String> sets, Corpus corpus) {
    return work(contestant, sets, Cost.NONE, corpus);
  }

  private Work<?, ClassifierResult> work(
      Contestant contestant, List<String> sets, Cost cost, Corpus corpus) {
    Recipe recipe =
        Recipes.with(
            job.recipes().of(Objects.requireNonNull(contestant.kind()), contestant.seed()), sets);
    // the test rows were held out already
    recipe = Recipes.with(recipe, List.of("corpus.testFraction=0"));
    if (sets.stream().anyMatch(Trainings::isOfSteps)) {
      recipe = Recipes.with(recipe, List.of("classifier.minSteps=0")); // each value as it is
    }
    if (cost.share() != null) {
      recipe = Recipes.with(recipe, Pace.cut(recipe, cost.share()));
    }
    Family family = contestant.family();
    Start start = family.startsFromEncoder() ? Start.on(encoder()) : Start.NONE;
    return family.work(start.sharing(folder.vectors()), corpus, 0, recipe);
  }

  /**
   * Trains a model, goes on with it, or finds it.
   *
   * @param rows that its contestant learns of, validates and is measured on
   * @param fold held out of them; 0 = none
   * @param share of the time that is left which it may take
   * @return null: it was left out, as it does not fit into the budget
   */
  @Nullable Cost make(
      Contestant contestant, List<String> sets, RowFiles rows, int fold, double share) {
    Corpus corpus = rows.training(contestant.count(), fold);
    Cost cost = folder.costOf(contestant);
    Work<?, ClassifierResult> work = work(contestant, sets, cost, corpus);
    Path run = folder.run(contestant);
    boolean there = cost.trained() && RunFolder.isComplete(run, work.kind());
    if (there) {
      listener.note(run + ": is there");
    } else {
      Pace.Task task = new Pace.Task(contestant, rows, share);
      boolean begun = Files.exists(run.resolve(RECIPE));
      String why =
          begun
              ? pace.toTheEnd(stop, within -> train(contestant, work, run, within, null))
              : paced(contestant, sets, corpus, run, task);
      if (why != null) {
        pace.leftOut(contestant, why);
        return null;
      }
      cost = folder.costOf(contestant);
      pace.learn(task, cost);
    }
    int learned = rows.check(run.resolve("prepared"), contestant.count(), fold);
    if (there && work instanceof Training) {
      checkSteps(run, LeastSteps.of(work.recipe(), learned));
    }
    return cost;
  }

  /** A line for each that was left out. */
  List<String> leftOut() {
    return pace.leftOut();
  }

  private @Nullable String paced(
      Contestant contestant, List<String> sets, Corpus corpus, Path run, Pace.Task task) {
    folder.forget(contestant); // there is no run: what one cost and answered is of another
    Work<?, ClassifierResult> whole = work(contestant, sets, Cost.NONE, corpus);
    return pace.run(
        task,
        whole,
        stop,
        new Pace.Run() {
          @Override
          public void train(Stop within, @Nullable TrainingListener heard) {
            Trainings.this.train(contestant, whole, run, within, heard);
          }

          @Override
          public void trainLess(double epochs, Stop within) {
            Cost cut = folder.costOf(contestant).cut(epochs);
            folder.drop(contestant);
            folder.write(contestant, cut);
            Trainings.this.train(
                contestant, work(contestant, sets, cut, corpus), run, within, null);
          }

          @Override
          public void giveUp() {
            folder.drop(contestant);
            folder.forget(contestant);
          }
        });
  }

  /** Whether a searched value says how many steps there are. */
  private static boolean isOfSteps(String set) {
    return set.startsWith("classifier.batchSize=") || set.contains(".epochs=");
  }

  private Path encoder() {
    return Objects.requireNonNull(job.start()).encoder();
  }

  /** What the weights that a family starts from are known by; null: it starts from none. */
  private @Nullable String start(Contestant contestant, Work<?, ?> work) {
    if (work instanceof EmbeddingFitting fitting) {
      return fitting.encoder();
    }
    if (!contestant.family().startsFromEncoder()) {
      return null;
    }
    return ModelFolder.sum(Pretrained.open(encoder(), "encoder").path());
  }

  /** A run that was begun has to start from the same weights. */
  private static void checkStart(Path run, Cost cost, @Nullable String start) {
    if (cost.parts() > 0 && !Objects.equals(cost.start(), start)) {
      throw UlmfitException.usage(
          run + ": was begun with another encoder; give the same, or start again with --overwrite");
    }
  }

  /** A run that is complete has to be the one that is asked for. */
  private static void checkRecipe(Path run, Recipe asked) {
    String made = made(run);
    Recipe settled = Recipes.settledAs(asked, parsed(run, made));
    if (!made.equals(Recipes.toYaml(settled))) {
      throw anotherRecipe(run);
    }
  }

  /** What few rows made of a recipe they have to make of the one that is asked for. */
  private static void checkSteps(Path run, Recipe settled) {
    if (!Recipes.haveSameSteps(settled, parsed(run, made(run)))) {
      throw anotherRecipe(run);
    }
  }

  private static String made(Path run) {
    Path file = run.resolve(RECIPE);
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw UlmfitException.cannotRead(file, e);
    }
  }

  private static Recipe parsed(Path run, String made) {
    return Recipes.parse(made, run.resolve(RECIPE).toString(), List.of());
  }

  private static UlmfitException anotherRecipe(Path run) {
    return UlmfitException.usage(
        run
            + ": was made with another recipe; repeat the first command unchanged with --resume,"
            + " or start again with --overwrite");
  }

  /**
   * @param heard in place of the listener's own; null: that one
   */
  private void train(
      Contestant contestant,
      Work<?, ClassifierResult> work,
      Path run,
      Stop within,
      @Nullable TrainingListener heard) {
    boolean there = Files.exists(run.resolve(RECIPE));
    // saved, and stopped before that was written down: there is nothing to go on from
    boolean lost = RunFolder.isComplete(run, work.kind());
    Cost known = folder.costOf(contestant);
    if (lost || !there && known.share() == null) {
      folder.forget(contestant);
    }
    Cost before = folder.costOf(contestant).begun(start(contestant, work));
    folder.write(contestant, before);
    Invocation invocation = new Invocation(job.commands().comparison(), null);
    RunOptions options =
        new RunOptions(run, job.device(), there && !lost, there && lost, false, invocation);
    boolean measured = PeakMemory.reset();
    long started = System.nanoTime();
    BiConsumer<Boolean, Double> spent =
        (done, saved) -> {
          OptionalLong peak = measured ? PeakMemory.bytes() : OptionalLong.empty();
          Long bytes = peak.isPresent() ? Long.valueOf(peak.getAsLong()) : null;
          // what an earlier run had done for this one is a part of what it costs
          double seconds = (System.nanoTime() - started) / 1e9 + saved;
          folder.write(contestant, before.plus(done, seconds, bytes));
        };
    try {
      Runs.run(
          work,
          options,
          heard == null ? listener.training(work.phases(work.recipe())) : heard,
          within,
          finished -> spent.accept(true, finished.result().savedSeconds()));
    } catch (RuntimeException | Error e) {
      if (Files.exists(run.resolve(RECIPE)) && !folder.costOf(contestant).trained()) {
        spent.accept(false, 0.0);
        if (heard != null) {
          folder.write(contestant, folder.costOf(contestant).looked());
        }
      }
      throw e;
    }
  }

  /**
   * What a contestant's model answers, asked or known.
   *
   * @return null: there was no time to ask it
   */
  @Nullable Measured measured(Contestant contestant, RowFiles rows, boolean testToo) {
    Measured known = folder.answersOf(contestant).orElse(null);
    if (known != null) {
      return known;
    }
    List<Measured> asked = new ArrayList<>();
    String why =
        pace.asking(
            stop,
            within ->
                asked.add(measure(contestant, folder.model(contestant), rows, testToo, within)));
    if (why != null) {
      pace.leftOut(contestant, why);
      return null;
    }
    return asked.get(0);
  }

  /** A model to be asked; what sentence encoders make of the rows is made once for all of them. */
  TextClassifier open(Contestant contestant, Path model) {
    return sharesVectors(contestant)
        ? TextClassifier.load(model, job.device(), null, folder.vectors())
        : TextClassifier.load(model, job.device(), null);
  }

  private boolean sharesVectors(Contestant contestant) {
    return job.families().contains(Recipe.Family.EMBEDDING)
        && (contestant.kind() == null || contestant.kind() == Recipe.Family.EMBEDDING);
  }

  /**
   * Asks a model.
   *
   * @param model its folder
   * @param testToo whether the test rows are asked; otherwise the validation rows stand for them
   */
  Measured measure(Contestant contestant, Path model, RowFiles rows, boolean testToo, Stop within) {
    within.check(Comparison.STOPPED);
    RowFiles.Part part = rows.test() == 0 || !testToo ? RowFiles.Part.VALID : RowFiles.Part.TEST;
    Answers valid;
    Answers measured;
    try (TextClassifier classifier = open(contestant, model)) {
      valid = Answers.of(classifier, rows, RowFiles.Part.VALID, within);
      measured = part == RowFiles.Part.VALID ? valid : Answers.of(classifier, rows, part, within);
    }
    if (sharesVectors(contestant)) { // its speed is that of texts whose vectors nobody has made
      try (TextClassifier fresh = TextClassifier.load(model, job.device(), null)) {
        measured = measured.in(Answers.secondsARow(fresh, rows, part, within));
      }
    }
    Measured all = new Measured(CompareFolder.bytes(model), valid, measured);
    folder.write(contestant, all);
    return all;
  }
}
