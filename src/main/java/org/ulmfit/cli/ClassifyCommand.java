package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ulmfit.classifier.ClassifierTraining;
import org.ulmfit.config.Recipe;
import org.ulmfit.report.ScoreTables;
import org.ulmfit.run.Runs;
import org.ulmfit.train.Evaluation;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit classify}: stage 3. */
@Command(
    name = "classify",
    aliases = "train",
    header = "Stage 3: TRAIN a classifier on a saved encoder ('predict' labels texts).",
    description = {
      "",
      "Takes the encoder of any lm-finetune run, remaps it if the vocabulary differs, and trains"
          + " in the phases of the recipe: all layers at once, or gradual unfreezing.",
      ""
    })
final class ClassifyCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private CorpusArgument corpus;

  @ArgGroup(multiplicity = "1")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Start start;

  @Mixin private RunMixin run;
  @Mixin private RecipeMixin recipe;
  @Mixin private EngineMixin engine;

  /** One of the two. */
  static final class Start {
    @Option(
        names = "--encoder",
        paramLabel = "RUN",
        description = "Run of lm-finetune, or a folder that holds an encoder.")
    private @Nullable Path encoder;

    @Option(
        names = "--from",
        paramLabel = "RUN",
        description =
            "Run of classify, or a folder that holds a classifier, to go on with these rows: its labels stay, new ones start with"
                + " random weights.")
    private @Nullable Path classifier;
  }

  private ClassifierTraining training(Recipe effective) {
    int limit = corpus.limit();
    return start.classifier != null
        ? ClassifierTraining.from(start.classifier, corpus.corpus(), limit, effective)
        : ClassifierTraining.on(
            Objects.requireNonNull(start.encoder), corpus.corpus(), limit, effective);
  }

  @Override
  public Integer call() {
    engine.apply();
    TrainingRun trainings = TrainingRun.of(main.console(), run, engine);
    if (trainings.go(training(recipe.recipe()), this::show)) {
      main.console().say("next: echo 'some text' | ulmfit predict " + run.out());
    }
    return 0;
  }

  private void show(Runs.Finished<ClassifierTraining.Result> finished) {
    Console console = main.console();
    ClassifierTraining.Result result = finished.result();
    console.data("classifier: " + result.model());
    Evaluation valid = result.valid();
    String accuracy = result.output().labelling().accuracyName();
    console.data("valid " + accuracy + ": " + Figures.fixed(valid.accuracy(), 4));
    console.data("valid macro F1: " + Figures.fixed(Objects.requireNonNull(valid.macroF1()), 4));
    console.data("valid loss: " + Figures.fixed(valid.loss(), 4));
    result.test().ifPresent(test -> console.data(new ScoreTables(test).text()));
    console.data("report: " + finished.report());
  }
}
