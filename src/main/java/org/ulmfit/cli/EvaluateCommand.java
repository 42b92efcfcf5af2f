package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.ulmfit.classifier.Scores;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.lm.LmEvaluation;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.report.Scoring;
import org.ulmfit.train.Metrics;
import org.ulmfit.train.Task;
import org.ulmfit.vocab.TokenStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit evaluate}: how good a model is on other texts. */
@Command(
    name = "evaluate",
    header = "Measure a classifier on labelled texts, or a language model's perplexity on any.",
    description = {
      "",
      "Uses the corpus's test split if it has one, else its validation split, else all of it. A"
          + " language model's perplexity is per token of its own vocabulary and rules.",
      ""
    })
final class EvaluateCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "Run or model folder: a classifier or a language model.")
  private Path model;

  @Mixin private CorpusMixin corpus;

  @Option(names = "--json", description = "One JSON object instead of tables.")
  private boolean json;

  @Mixin private EngineMixin engine;
  @Mixin private PrecisionMixin precision;

  @Override
  public Integer call() {
    engine.apply();
    if (ModelFolder.kind(model).equals("classifier")) {
      classifier(main.console());
    } else {
      languageModel(main.console());
    }
    return 0;
  }

  private void classifier(Console console) {
    try (ScratchFolder scratch = ScratchFolder.make();
        TextClassifier classifier = TextClassifier.load(model, engine.device(), precision.name());
        TokenStore store =
            Prepare.evaluation(
                corpus.corpus(),
                corpus.options(),
                classifier.recipe(),
                classifier.vocab(),
                classifier.labels(),
                classifier.inputColumns(),
                scratch.path(),
                corpus.limit(),
                console::say)) {
      classifier.precision().advice().ifPresent(console::say);
      console.say("evaluating " + Figures.number(store.size()) + " documents");
      Countdown countdown = new Countdown(console, "scored", "tokens", store.tokens());
      Scores scores = classifier.score(store, countdown::at);
      countdown.end();
      Scoring scoring = ClassifyCommand.scoring(scores);
      console.data(json ? scoring.json() : scoring.text());
    }
  }

  private void languageModel(Console console) {
    Task.Evaluation result =
        LmEvaluation.run(
            model,
            corpus.corpus(),
            corpus.options(),
            engine.device(),
            precision.name(),
            corpus.limit(),
            console::say);
    String form =
        json
            ? "{\"perplexity\":%.4f,\"loss\":%.6f,\"accuracy\":%.6f,\"tokens\":%d}"
            : "perplexity: %.2f%nloss: %.4f%naccuracy: %.4f%ntokens: %,d";
    console.data(
        String.format(
            Locale.ROOT,
            form,
            Metrics.perplexity(result.loss()),
            result.loss(),
            result.accuracy(),
            result.items()));
  }
}
