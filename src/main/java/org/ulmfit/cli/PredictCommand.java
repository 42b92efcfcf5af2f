package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ulmfit.UlmfitException;
import org.ulmfit.predict.Prediction;
import org.ulmfit.predict.TextClassifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit predict}: labels and probabilities, one row out for one row in. */
@Command(
    name = "predict",
    header = "Label texts: one row out for each row in, in the order of the input.",
    description = {
      "",
      "Reads lines of text, CSV, TSV or JSONL. Ids are kept (the column or key \"id\"); rows"
          + " without one are numbered from 1.",
      ""
    })
final class PredictCommand implements Callable<Integer> {
  private static final int BATCH = 256;

  /** What comes out. */
  enum Output {
    JSONL,
    CSV
  }

  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "Run of classify, or the folder of a classifier.")
  private Path model;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = "-",
      description = "The texts, also .gz; - for standard input (default).")
  private Path file;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = ChoiceConverter.PredictOutput.class,
      defaultValue = "jsonl",
      description = "Of the output: jsonl (default) or csv.")
  private Output format;

  @Option(
      names = "--csv-safe",
      description =
          "For a spreadsheet: an apostrophe before every id and label of the CSV that it would take"
              + " for a formula.")
  private boolean csvSafe;

  @Mixin private RowsMixin rows;
  @Mixin private EngineMixin engine;
  @Mixin private PrecisionMixin precision;

  @Override
  public Integer call() {
    engine.apply();
    Console console = main.console();
    if (csvSafe && format != Output.CSV) {
      throw UlmfitException.usage("--csv-safe is for CSV; add --format csv");
    }
    try (Rows input = rows.open(file, console);
        TextClassifier classifier = TextClassifier.load(model, engine.device(), precision.name())) {
      classifier.precision().advice().ifPresent(console::say);
      Answers answers = Answers.of(format, csvSafe, classifier.labels(), console);
      for (List<Rows.Row> batch = input.batch(BATCH);
          !batch.isEmpty();
          batch = input.batch(BATCH)) {
        List<List<String>> fields = new ArrayList<>();
        batch.forEach(row -> fields.add(row.fields()));
        List<Prediction> predictions = classifier.predictFields(fields);
        for (int i = 0; i < batch.size(); i++) {
          answers.write(batch.get(i), predictions.get(i));
        }
        console.flush();
      }
    }
    return 0;
  }
}
