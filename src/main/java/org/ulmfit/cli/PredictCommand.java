package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.cli.TextsMixin.Asked;
import org.ulmfit.corpus.Shard;
import org.ulmfit.corpus.TextReader;
import org.ulmfit.predict.Prediction;
import org.ulmfit.predict.PredictionWriter;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.vocab.Coverage;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** {@code ulmfit predict}: labels and probabilities, one row out for one row in. */
@Command(
    name = "predict",
    header = "Label texts: one row out for each row in, in the order of the input.",
    description = {
      "",
      "Reads what the training commands read: lines, tables, JSON. What was found is told on standard"
          + " error. The columns the model was trained on are looked for first. Ids are kept (the"
          + " column or key \"id\"); rows without one are numbered from 1.",
      "A folder of files part-*, as Spark writes it, is read file by file; with --out its answers are one"
          + " too. Several programs share such work by --shard.",
      ""
    })
final class PredictCommand implements Callable<Integer> {
  /** What comes out. */
  enum Output {
    JSONL,
    CSV
  }

  @ParentCommand private Main main;

  @Option(
      names = "--output-format",
      paramLabel = "FORMAT",
      converter = ChoiceConverter.PredictOutput.class,
      defaultValue = "jsonl",
      description = "jsonl (default) or csv.")
  private Output format;

  @Option(
      names = "--csv-safe",
      description =
          "For a spreadsheet: an apostrophe before every id and label of the CSV that it would take"
              + " for a formula.")
  private boolean csvSafe;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      converter = CorpusMixin.Count.class,
      description =
          "Write the probabilities of the K most probable labels only, the highest first.")
  private int topK;

  @Option(
      names = "--min-confidence",
      paramLabel = "P",
      converter = Probability.class,
      description =
          "Answer \"unsure\" where the probability of the label is below P. Of several labels those"
              + " below P are left out, and \"unsure\" is the answer if none is left; where the answer"
              + " is none, if the most probable lacks less than P of 1.")
  private double minConfidence;

  @Option(
      names = "--most-uncertain",
      paramLabel = "N",
      converter = CorpusMixin.Count.class,
      description =
          "Write only the N rows that the model is most uncertain of, by the entropy of its"
              + " probabilities, the most uncertain first, with their texts: those to label next. Its"
              + " guess is called \"predicted\", which training does not read.")
  private int mostUncertain;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Write files part-*.jsonl.gz into a folder, one for each file of the input, in place of"
              + " standard output. A file that is there already is whole, and is left.")
  private @Nullable Path out;

  @Option(
      names = "--shard",
      paramLabel = "K/N",
      converter = ShardConverter.class,
      description =
          "With --out: answer as the program K, from 0, of N that share the work, every Nth file of a"
              + " folder, or every Nth row of a file.")
  private @Nullable Shard shard;

  @Mixin private TextsMixin texts;

  @Override
  public Integer call() {
    Console console = main.console();
    if (csvSafe && format != Output.CSV) {
      throw UlmfitException.usage("--csv-safe is for CSV; add --output-format csv");
    }
    if (out != null) {
      predictInto(out, console);
      return 0;
    }
    if (shard != null) {
      throw UlmfitException.usage("--shard: several programs write into one folder: add --out DIR");
    }
    try (Asked asked = texts.open(console)) {
      TextClassifier classifier = asked.classifier();
      PredictionWriter writer = writer(classifier, asked.texts());
      MostUncertain uncertain = new MostUncertain(mostUncertain);
      writer.head().forEach(console::data);
      asked.forEachBatch(
          rows -> {
            List<Prediction> predictions = classifier.predictFields(Asked.fields(rows));
            for (int i = 0; i < rows.size(); i++) {
              if (mostUncertain > 0) {
                uncertain.add(rows.get(i), predictions.get(i));
              } else {
                console.data(writer.line(rows.get(i), predictions.get(i)));
              }
            }
            console.flush();
          });
      uncertain.forEach((row, prediction) -> console.data(writer.line(row, prediction)));
      warn(classifier.coverage(), console);
    }
    return 0;
  }

  /** Answers the files of the input, each into a file of its own. */
  private void predictInto(Path dir, Console console) {
    if (format != Output.JSONL || mostUncertain > 0) {
      throw UlmfitException.usage(
          (mostUncertain > 0 ? "--most-uncertain" : "--output-format csv")
              + ": --out writes JSON lines of all rows; leave one of them out");
    }
    String options = Shown.format("--top-k %d --min-confidence %s", topK, minConfidence);
    new PredictedParts(texts, shard == null ? Shard.WHOLE : shard, options)
        .answer(dir, asked -> writer(asked.classifier(), asked.texts()), console);
  }

  private PredictionWriter writer(TextClassifier classifier, TextReader texts) {
    return new PredictionWriter(
        format == Output.CSV,
        csvSafe,
        classifier.labelling(),
        classifier.labels(),
        topK,
        minConfidence,
        mostUncertain > 0
            ? PredictionWriter.names(texts.fields(), classifier.inputColumns())
            : List.of());
  }

  /** A share of one. */
  static final class Probability implements ITypeConverter<Double> {
    @Override
    public Double convert(String given) {
      try {
        double p = Double.parseDouble(given);
        if (p >= 0 && p <= 1) {
          return p;
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw new TypeConversionException("'" + given + "' is not a probability, 0 to 1");
    }
  }

  /** Answers on texts of which the model knows few words are answers all the same. */
  static void warn(Coverage coverage, Console console) {
    if (coverage.isMuchUnknown()) {
      boolean all = coverage.unknown() == coverage.words();
      console.say(
          Shown.format(
              "WARNING: unknown to the model: %s of %s words read (%s%%): %s; its answers %s; train on"
                  + " such texts: %s, then classify",
              Figures.number(coverage.unknown()),
              Figures.number(coverage.words()),
              Figures.fixed(100 * coverage.share(), 1),
              coverage.why(),
              all ? "mean nothing" : "rest on the others",
              coverage.training()));
    }
  }
}
