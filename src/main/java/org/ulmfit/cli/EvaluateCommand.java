package org.ulmfit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Scores;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.report.Scoring;
import org.ulmfit.vocab.TokenStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit evaluate}: how good a classifier is on labelled texts. */
@Command(
    name = "evaluate",
    header = "Measure a trained classifier on a labelled corpus: metrics and confusion matrix.",
    description = {
      "",
      "Uses the corpus's test split if it has one, else its validation split, else all labelled"
          + " rows.",
      ""
    })
final class EvaluateCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "Run of classify, or the folder of a classifier.")
  private Path model;

  @Mixin private CorpusMixin corpus;

  @Option(names = "--json", description = "One JSON object instead of tables.")
  private boolean json;

  @Mixin private EngineMixin engine;
  @Mixin private PrecisionMixin precision;

  @Override
  public Integer call() {
    engine.apply();
    Console console = main.console();
    Path scratch = scratch();
    try (TextClassifier classifier = TextClassifier.load(model, engine.device(), precision.name());
        TokenStore store =
            Prepare.evaluation(
                corpus.corpus(),
                corpus.options(),
                classifier.recipe(),
                classifier.vocab(),
                classifier.labels(),
                scratch,
                corpus.limit(),
                console::say)) {
      console.say("evaluating " + Words.number(store.size()) + " documents");
      Countdown countdown = new Countdown(console, "scored", "tokens", store.tokens());
      Scores scores = classifier.score(store, countdown::at);
      countdown.end();
      Scoring scoring = ClassifyCommand.scoring(scores);
      console.data(json ? scoring.json() : scoring.text());
    } finally {
      delete(scratch);
    }
    return 0;
  }

  private static Path scratch() {
    try {
      return Files.createTempDirectory("ulmfit-evaluate");
    } catch (IOException e) {
      throw UlmfitException.failure("no temporary folder can be made: " + e.getMessage(), e);
    }
  }

  private static void delete(Path scratch) {
    try {
      AtomicFiles.deleteTree(scratch);
    } catch (IOException e) {
      throw UlmfitException.failure(scratch + ": cannot be removed: " + e.getMessage(), e);
    }
  }
}
