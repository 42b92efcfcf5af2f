package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ulmfit.classifier.ClassifierJob;
import org.ulmfit.classifier.ClassifierTraining;
import org.ulmfit.classifier.Scores;
import org.ulmfit.config.Recipe;
import org.ulmfit.report.RunReport;
import org.ulmfit.report.Scoring;
import org.ulmfit.train.Trainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit classify}: stage 3. */
@Command(
    name = "classify",
    header = "Stage 3: TRAIN a classifier on a saved encoder ('predict' is what labels texts).",
    description = {
      "",
      "Takes the encoder of any lm-finetune run, remaps it if the vocabulary differs, and trains"
          + " in the stages of the recipe: all layers at once, or gradual unfreezing.",
      ""
    })
final class ClassifyCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private CorpusMixin corpus;

  @Option(
      names = "--encoder",
      required = true,
      paramLabel = "RUN|DIR",
      description = "Run of lm-finetune, or a folder that holds an encoder.")
  private Path encoder;

  @Mixin private RunMixin run;
  @Mixin private RecipeMixin recipe;
  @Mixin private EngineMixin engine;

  @Override
  public Integer call() {
    engine.apply();
    Console console = main.console();
    Recipe effective = recipe.recipe();
    ClassifierJob job =
        new ClassifierJob(
            corpus.corpus(),
            corpus.options(),
            encoder,
            run.out(),
            corpus.limit(),
            effective,
            engine.device(),
            run.resume(),
            run.overwrite());
    Progress progress =
        new Progress(console, effective.classifier().stages(), Trainer::requestStopOfRunning);
    if (run.dryRun()) {
      ClassifierTraining.plan(job, progress).lines().forEach(console::data);
      return 0;
    }
    Interrupts.running(
        Trainer::requestStopOfRunning,
        () -> ClassifierTraining.run(job, progress, result -> show(console, result)));
    console.say("next: echo 'some text' | ulmfit predict " + run.out());
    return 0;
  }

  private void show(Console console, ClassifierTraining.Result result) {
    console.data("classifier: " + result.model());
    console.data("valid accuracy: " + Figures.fixed(result.valid().accuracy(), 4));
    console.data("valid loss: " + Figures.fixed(result.valid().loss(), 4));
    Path report;
    if (result.test().isPresent()) {
      Scoring scoring = scoring(result.test().get());
      console.data(scoring.text());
      report = RunReport.write(run.out(), "Classifier", scoring);
    } else {
      report = RunReport.write(run.out(), "Classifier");
    }
    console.data("report: " + report);
  }

  static Scoring scoring(Scores scores) {
    Scoring scoring = new Scoring(scores.split(), scores.labels());
    for (int row = 0; row < scores.truth().length; row++) {
      scoring.add(scores.truth()[row], scores.probabilities()[row]);
    }
    return scoring;
  }
}
