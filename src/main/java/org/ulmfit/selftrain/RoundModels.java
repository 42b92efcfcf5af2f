package org.ulmfit.selftrain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.ClassifierResult;
import org.ulmfit.classifier.ClassifierTraining;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.SoftLabels;
import org.ulmfit.classifier.Start;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.predict.EnsembleJob;
import org.ulmfit.predict.EnsembleMaker;
import org.ulmfit.predict.EvaluationListener;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.prepare.RowFiles;
import org.ulmfit.run.Invocation;
import org.ulmfit.run.RunFolder;
import org.ulmfit.run.RunOptions;
import org.ulmfit.run.Runs;
import org.ulmfit.run.RunsListener;
import org.ulmfit.run.Work;

/**
 * The models of the rounds: each a run in its folder, which goes on where it was stopped.
 *
 * @param recipe of the trainings, but for their seeds
 */
record RoundModels(
    SelfTrainingJob job,
    RunsListener listener,
    Stop stop,
    SelfTrainingFolder folder,
    Recipe recipe) {
  /** Rows from which on n-grams are learned of as their recipe says. */
  private static final int FEW = 25;

  /**
   * Trains a round's model of a seed, unless it is there.
   *
   * @param setAside whether there are rows to validate on
   * @param soft labels of the texts taken; null: none were
   */
  void train(int number, long seed, Corpus corpus, boolean setAside, @Nullable SoftLabels soft) {
    List<String> keys = new ArrayList<>(List.of("seed=" + seed));
    if (!setAside) {
      keys.add("classifier.calibrate=false"); // no rows to calibrate on
    }
    Recipe own = Recipes.with(recipe, keys);
    make(
        ClassifierTraining.on(job.encoder(), corpus, own, soft, setAside),
        folder.run(number, seed));
  }

  /**
   * The mean of a round's models.
   *
   * @param each hears of every model's own
   */
  Answers asked(int round, List<String> labels, Answers.Texts texts, Consumer<Answers> each) {
    Answers mean = null;
    int joined = 0;
    for (long seed : job.seeds()) {
      Answers own = answers(folder.run(round, seed), job.device(), labels, texts);
      each.accept(own);
      if (mean == null) {
        mean = own;
      } else {
        mean.join(own, joined);
      }
      joined++;
    }
    return Objects.requireNonNull(mean); // there is a seed
  }

  /**
   * What an n-gram model says of some texts.
   *
   * @param run of it, made unless it is there
   * @param training file of rows to train it on
   */
  Answers ngrams(Path run, Path training, RowFiles rows, Answers.Texts texts) {
    List<String> keys =
        new ArrayList<>(
            List.of(
                "seed=" + job.seeds().get(0),
                "corpus.testFraction=0",
                "classifier.calibrate=false"));
    int known = rowsUpToFew(training);
    if (known < FEW) { // it need not be good: where it agrees, texts are taken first
      keys.add("ngrams.folds=" + Math.max(2, Math.min(5, known)));
      keys.add("ngrams.minDocuments=1");
      keys.add("vocab.minFreq=1");
    }
    Recipe shipped = Recipes.shipped("ngram-nbsvm", keys);
    Recipe own = shipped.with(recipe.text(), shipped.model());
    Corpus corpus = rows.corpus(training).withValid(rows.validation());
    make(Family.of(Recipe.Family.NGRAM_NBSVM).work(Start.NONE, corpus, 0, own), run);
    return answers(run, "cpu", rows.labels(), texts);
  }

  private static int rowsUpToFew(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return (int) lines.limit(FEW).count();
    } catch (IOException e) {
      throw UlmfitException.cannotRead(file, e);
    }
  }

  private Answers answers(Path run, String device, List<String> labels, Answers.Texts texts) {
    try (TextClassifier model = TextClassifier.load(run, device, null)) {
      return Answers.of(model, labels, texts, stop);
    }
  }

  private void make(Work<?, ClassifierResult> work, Path run) {
    if (RunFolder.isComplete(run, work.kind())) {
      listener.note(run + ": is there");
      return;
    }
    stop.check(SelfTraining.STOPPED);
    boolean begun = Files.exists(run.resolve("recipe.yaml"));
    Invocation invocation = job.command() == null ? null : new Invocation(job.command(), null);
    RunOptions options = new RunOptions(run, job.device(), begun, false, false, invocation);
    Runs.run(work, options, listener.training(work.phases(work.recipe())), stop, finished -> {});
  }

  /** The models of a round as one, where every command finds it. */
  void join(int number) {
    List<Path> runs = job.seeds().stream().map(seed -> folder.run(number, seed)).toList();
    if (runs.size() == 1) {
      Path only = runs.get(0).resolve("classifier");
      AtomicFiles.writeFolder(folder.classifier(), dir -> AtomicFiles.copyTree(only, dir));
      return;
    }
    EnsembleJob ensemble =
        new EnsembleJob(runs, null, List.of(), 0, job.device(), null, folder.classifier(), true);
    EnsembleMaker.make(ensemble, new EvaluationListener() {}, stop);
  }
}
