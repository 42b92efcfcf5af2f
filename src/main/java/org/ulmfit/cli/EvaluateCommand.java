package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.lm.LmEvaluation;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.report.EvaluationPage;
import org.ulmfit.report.ScoreTables;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.Metrics;
import org.ulmfit.train.Scores;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

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
  private static final String PAGE = "report.html";

  @ParentCommand private Main main;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "Run or model folder: a classifier, an ensemble or a language model.")
  private Path model;

  @Mixin private CorpusArgument corpus;

  @Option(names = "--json", description = "One JSON object instead of tables.")
  private boolean json;

  @Option(
      names = "--predictions",
      paramLabel = "FILE",
      description =
          "Write the answer to each row to FILE, a JSON object a line: id, truth, predicted,"
              + " probabilities. Of a classifier.")
  private @Nullable Path predictions;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Write DIR/report.html, a page with the figures, their intervals and curves. Of a"
              + " classifier.")
  private @Nullable Path report;

  @Option(
      names = "--no-texts",
      description =
          "Keep texts of the corpus out of the page, which else shows those of the surest errors.")
  private boolean noTexts;

  @Option(names = "--overwrite", description = "Replace the page that DIR holds.")
  private boolean overwrite;

  @Mixin private EngineMixin engine;
  @Mixin private PrecisionMixin precision;

  @Override
  public Integer call() {
    engine.apply();
    OutFiles.check(report, List.of(PAGE), overwrite, "--report");
    if (noTexts && report == null) {
      throw UlmfitException.usage("--no-texts is for the page; add --report DIR");
    }
    String kind = ModelFolder.kind(model);
    if (kind.equals("classifier") || kind.equals(ModelFolder.ENSEMBLE)) {
      classifier(main.console());
    } else if (report != null) {
      throw UlmfitException.usage(
          model + ": not a classifier, which a page is of; leave out --report");
    } else if (predictions != null) {
      throw UlmfitException.usage(
          model + ": not a classifier, so there are no predictions; leave out --predictions");
    } else {
      languageModel(main.console());
    }
    return 0;
  }

  private void classifier(Console console) {
    if (predictions != null) {
      ScoredRows.check(predictions);
    }
    Path page = report == null ? null : page(report);
    try (TextClassifier classifier =
        TextClassifier.load(model, engine.device(), precision.name())) {
      classifier.remarks().forEach(console::say);
      Scoring scoring = new Scoring(console, page != null && !noTexts);
      Scores scores = classifier.evaluate(corpus.corpus(), corpus.limit(), scoring);
      scoring.end();
      ScoreTables tables = new ScoreTables(scores);
      console.data(json ? tables.json() : tables.text());
      if (predictions != null) {
        ScoredRows.write(predictions, scores);
        console.say("predictions: " + predictions);
      }
      if (page != null) {
        String command = CommandText.of(spec);
        EvaluationPage.write(
            page, model.toString(), corpus.path().toString(), command, scores, scoring.mistakes());
        console.say("report: " + page);
      }
    }
  }

  private Path page(Path dir) {
    OutFiles.make(dir);
    return dir.resolve(PAGE);
  }

  private void languageModel(Console console) {
    Evaluation result =
        LmEvaluation.run(
            model,
            corpus.corpus(),
            engine.device(),
            precision.name(),
            corpus.limit(),
            console::say,
            new Stop());
    String form =
        json
            ? "{\"perplexity\":%.4f,\"loss\":%.6f,\"accuracy\":%.6f,\"tokens\":%d}"
            : "perplexity: %.2f\nloss: %.4f\naccuracy: %.4f\ntokens: %,d";
    console.data(
        Shown.format(
            form,
            Metrics.perplexity(result.loss()),
            result.loss(),
            result.accuracy(),
            result.items()));
  }
}
