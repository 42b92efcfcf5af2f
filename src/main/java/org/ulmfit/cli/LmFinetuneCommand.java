package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Family;
import org.ulmfit.config.Recipe;
import org.ulmfit.lm.LmFineTuning;
import org.ulmfit.lm.LmStart;
import org.ulmfit.run.Runs;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Metrics;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit lm-finetune}: stage 2. */
@Command(
    name = "lm-finetune",
    header = "Stage 2: fine-tune a language model on a corpus; save it and its encoder.",
    description = {
      "",
      "Loads pretrained weights, remaps them to the corpus's vocabulary and trains on; with"
          + " --from-scratch nothing is loaded. Labels are not looked at.",
      ""
    })
final class LmFinetuneCommand implements Callable<Integer> {
  @ParentCommand private Main main;
  @Mixin private CorpusArgument corpus;
  @Mixin private RunMixin run;
  @ArgGroup private @Nullable Start start;

  @Option(
      names = "--backwards",
      description =
          "Read every document from its end; a pretrained model has to do so, too (default:"
              + " wiki-small-backward, which comes with ulmfit).")
  private boolean backwards;

  @Option(
      names = "--softmax",
      paramLabel = "SOFTMAX",
      description =
          "auto (sampled over a large vocabulary), full or sampled, in training (validation is"
              + " full); the same as --set lm.softmax=...")
  private @Nullable String softmax;

  @Mixin private LanguageMixin language;
  @Mixin private RecipeMixin recipe;
  @Mixin private EngineMixin engine;

  /** One of the two, or neither: what comes with the installation. */
  static final class Start {
    @Option(
        names = "--pretrained",
        paramLabel = "DIR",
        description =
            "Language model or run to start from, or the name of one in the installation's"
                + " pretrained/ (default: wiki-small, which comes with ulmfit).")
    private @Nullable Path pretrained;

    @Option(names = "--from-scratch", description = "Start from random weights.")
    private boolean fromScratch;
  }

  @Option(
      names = "--any-direction",
      description =
          "Start from a --pretrained model that reads the other way, too: its words hold for"
              + " either, its layers have to learn their turn.")
  private boolean anyDirection;

  @Override
  public Integer call() {
    engine.apply();
    TrainingRun trainings = TrainingRun.of(main.console(), run, engine);
    List<String> options = language.overrides();
    if (softmax != null) {
      options.add("lm.softmax=" + softmax);
    }
    Recipe effective = recipe.recipe(options);
    recipe.checkOptions(List.of(Family.of(Recipe.Family.AWD_LSTM)));
    var training = new LmFineTuning(corpus.corpus(), corpus.limit(), start(), effective);
    language.check(training.recipe());
    if (trainings.go(training, this::show)) {
      main.console().say("next: ulmfit classify CORPUS --encoder " + run.out() + " --out RUN");
    }
    return 0;
  }

  private LmStart start() {
    Path named = start == null ? null : start.pretrained;
    if (anyDirection && named == null) {
      throw UlmfitException.usage(
          "--any-direction is said of a model that --pretrained names; name one, or leave it out");
    }
    Path pretrained = PretrainedOption.path(named, start != null && start.fromScratch, backwards);
    return new LmStart(pretrained, backwards, anyDirection);
  }

  private void show(Runs.Finished<LmFineTuning.Result> finished) {
    Console console = main.console();
    LmFineTuning.Result result = finished.result();
    console.data("language model: " + result.model());
    console.data("encoder: " + result.encoder());
    result.before().ifPresent(e -> console.data("perplexity before: " + perplexity(e)));
    console.data("perplexity after: " + perplexity(result.after()));
    console.data("accuracy after: " + Figures.fixed(result.after().accuracy(), 4));
    console.data("report: " + finished.report());
  }

  private static String perplexity(Evaluation evaluation) {
    return Figures.fixed(Metrics.perplexity(evaluation.loss()), 2);
  }
}
