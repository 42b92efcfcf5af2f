package org.ulmfit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.ClassifierResult;
import org.ulmfit.classifier.ClassifierTraining;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.lm.LmFineTuning;
import org.ulmfit.lm.LmStart;
import org.ulmfit.predict.Prediction;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.prepare.Prepared;
import org.ulmfit.run.Invocation;
import org.ulmfit.run.RunFolder;
import org.ulmfit.run.RunOptions;
import org.ulmfit.run.Runs;
import org.ulmfit.run.Training;
import org.ulmfit.train.Scores;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ulmfit quickstart}: the three stages on the sample that ships with ulmfit. */
@Command(
    name = "quickstart",
    header = "Run all three stages on 600 sample reviews: a good minute on two cores.",
    description = {
      "",
      "Fine-tunes a small language model, trains a classifier on it, measures it on 150 held-out"
          + " reviews and labels two sentences. Starts from the installation's pretrained model, or"
          + " from random weights where there is none.",
      ""
    })
final class QuickstartCommand implements Callable<Integer> {
  private static final List<String> SENTENCES =
      List.of(
          "What a wonderful little film, we laughed all evening and would see it again.",
          "The soup was cold, the waiter was rude, and we will never come back.");

  @ParentCommand private Main main;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "ulmfit-quickstart",
      description = "Where everything goes (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(names = "--overwrite", description = "Replace what an earlier quickstart left in DIR.")
  private boolean overwrite;

  @Option(names = "--from-scratch", description = "Start from random weights in any case.")
  private boolean fromScratch;

  @Option(
      names = "--limit",
      paramLabel = "N",
      converter = CorpusMixin.Count.class,
      description = "Use at most N reviews of a split (default: all).")
  private int limit;

  @Mixin private RecipeMixin recipe;
  @Mixin private EngineMixin engine;

  @Override
  public Integer call() {
    engine.apply();
    Console console = main.console();
    Recipe effective = recipe.recipe("quickstart");
    long started = System.nanoTime();
    claim();
    SampleReviews.copy(out);
    console.say("sample: 250 reviews to train on, 150 to test on, 200 without label, in " + out);
    fineTune(effective, console);
    Runs.Finished<ClassifierResult> finished = classify(effective, console);
    Scores test = finished.result().test().orElseThrow();
    console.data(
        Shown.format("held-out accuracy: %.4f (%d reviews)", test.accuracy(), test.rows()));
    try (TextClassifier classifier = TextClassifier.load(classifierRun(), engine.device(), null)) {
      List<Prediction> predictions = classifier.predict(SENTENCES);
      for (int i = 0; i < SENTENCES.size(); i++) {
        Prediction p = predictions.get(i);
        console.data(
            Shown.format("%s %.2f: %s", Shown.name(p.label()), p.probability(), SENTENCES.get(i)));
      }
    }
    console.data("report: " + finished.report());
    console.say("done in " + Figures.time((System.nanoTime() - started) / 1e9));
    next().forEach(console::say);
    return 0;
  }

  private void fineTune(Recipe effective, Console console) {
    Path pretrained = fromScratch ? null : Installation.pretrained().orElse(null);
    console.say("");
    console.say(
        "stage 2, language model: "
            + (pretrained == null ? "from random weights" : "from " + pretrained));
    train(new LmFineTuning(corpus(), limit, LmStart.of(pretrained, false), effective), lmRun());
  }

  private Runs.Finished<ClassifierResult> classify(Recipe effective, Console console) {
    console.say("");
    console.say("stage 3, classifier");
    var finished =
        train(ClassifierTraining.on(lmRun(), corpus(), limit, effective), classifierRun());
    console.say("");
    return finished;
  }

  private <D extends Prepared, M extends Training.Model, R> Runs.Finished<R> train(
      Training<D, M, R> training, Path run) {
    List<Runs.Finished<R>> finished = new ArrayList<>();
    Invocation invocation = new Invocation(CommandText.of(spec), null);
    RunOptions options = new RunOptions(run, engine.device(), false, false, true, invocation);
    TrainingRun.of(main.console(), options).go(training, finished::add);
    return finished.get(0);
  }

  /** Told of the test file in both stages, so that nothing is held out beside it. */
  private Corpus corpus() {
    return Corpus.at(out.resolve(SampleReviews.TRAIN))
        .withTest(Corpus.at(out.resolve(SampleReviews.TEST)));
  }

  private Path lmRun() {
    return out.resolve("language-model");
  }

  private Path classifierRun() {
    return out.resolve("classifier");
  }

  /** Makes the folder; one that holds something is replaced only if asked, and only if ours. */
  private void claim() {
    try {
      if (Files.exists(out)) {
        List<Path> entries = Files.isDirectory(out) ? entries() : List.of(out);
        for (Path entry : entries) {
          if (!isOurs(entry)) {
            throw UlmfitException.usage(
                Shown.format(
                    "%s: holds other files than a quickstart (%s); give another --out",
                    out, entry.getFileName()));
          }
        }
        if (!entries.isEmpty() && !overwrite) {
          throw UlmfitException.usage(
              out + ": exists already; replace it with --overwrite, or give another --out");
        }
        for (Path entry : entries) {
          AtomicFiles.deleteTree(entry);
        }
      }
      Files.createDirectories(out);
    } catch (IOException e) {
      throw UlmfitException.failure(out + ": cannot be used: " + UlmfitException.reason(e), e);
    }
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> entries = Files.list(out)) {
      return entries.sorted().toList();
    }
  }

  /** Whether it is what a quickstart writes, on its reviews: such names may be anybody's. */
  private boolean isOurs(Path entry) throws IOException {
    boolean run = entry.equals(lmRun()) || entry.equals(classifierRun());
    return run
        ? SampleReviews.isCopy(out.resolve(SampleReviews.TRAIN)) && RunFolder.isNothingElse(entry)
        : SampleReviews.isCopy(entry);
  }

  private List<String> next() {
    return List.of(
        "",
        "More sentences:   echo 'your text' | ulmfit predict " + classifierRun(),
        "Your own texts:   a folder per label, CSV, TSV or JSONL such as "
            + out.resolve(SampleReviews.TRAIN),
        "  ulmfit lm-finetune YOUR.csv --out lm-run",
        "  ulmfit classify YOUR.csv --encoder lm-run --out classifier-run",
        "  ulmfit predict classifier-run NEW.txt");
  }
}
