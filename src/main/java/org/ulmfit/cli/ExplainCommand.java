package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ulmfit.Shown;
import org.ulmfit.corpus.TextReader;
import org.ulmfit.corpus.TextReader.Text;
import org.ulmfit.predict.Explanation;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.report.Html;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit explain}: which words of a text decide. */
@Command(
    name = "explain",
    header = "Which words of a text speak for its label, and which against.",
    description = {
      "",
      "A word's weight is what it adds to the label's log-odds, log p / (1 - p): +0.7 doubles the"
          + " odds. Networks are asked by integrated gradients on their words' vectors, models on"
          + " n-grams by their weights, others by leaving each word out in turn; of an ensemble each"
          + " member by its own means. All words, what there is before a word and what is not"
          + " accounted for add up to the log-odds, and all of it is told.",
      "Reads what 'predict' reads; a text at a time, some ten times slower.",
      ""
    })
final class ExplainCommand implements Callable<Integer> {

  /** What comes out. */
  enum Format {
    TEXT,
    HTML,
    JSONL
  }

  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "Run of classify, or the folder of a classifier or an ensemble.")
  private Path model;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = "-",
      description = "The texts, also .gz; - for standard input (default).")
  private Path file;

  @Option(
      names = "--output-format",
      paramLabel = "FORMAT",
      converter = ChoiceConverter.ExplainFormat.class,
      defaultValue = "text",
      description =
          "text (default; on a terminal the words are coloured), html (one page that needs no other"
              + " file) or jsonl (one row for each text, every word with its place).")
  private Format format;

  @Option(
      names = "--label",
      paramLabel = "LABEL",
      description =
          "Explain this label, whatever the answer is; may be given again. Default: the label"
              + " answered, of several each of them, of none the most probable.")
  private List<String> labels = List.of();

  @Mixin private InputMixin input;
  @Mixin private EngineMixin engine;
  @Mixin private PrecisionMixin precision;

  @Override
  public Integer call() {
    engine.apply();
    Console console = main.console();
    try (TextClassifier classifier = TextClassifier.load(model, engine.device(), precision.name());
        TextReader texts = input.open(file, console, classifier.inputColumns())) {
      classifier.remarks().forEach(console::say);
      console.say(texts.found());
      List<String> sections = new ArrayList<>();
      for (List<Text> one = texts.batch(1); !one.isEmpty(); one = texts.batch(1)) {
        Text row = one.get(0);
        List<Explanation> explanations = classifier.explainFields(row.fields(), labels);
        switch (format) {
          case JSONL -> console.data(ExplanationWriter.json(row, explanations));
          case TEXT -> explanations.forEach(e -> lines(row, e));
          case HTML -> explanations.forEach(e -> add(sections, row, e));
        }
        console.flush();
      }
      if (format == Format.HTML) {
        String title = "What decides: " + Shown.name(model.getFileName().toString());
        console.data(Html.page(title, String.join("", sections)).stripTrailing());
        console.flush();
      }
    }
    return 0;
  }

  private void lines(Text row, Explanation explanation) {
    boolean colour = Terminal.colour(main.console());
    ExplanationWriter.lines(row, explanation, colour).forEach(main.console()::data);
  }

  private static void add(List<String> sections, Text row, Explanation explanation) {
    if (sections.isEmpty()) {
      sections.add(ExplanationWriter.head(explanation.method()));
    }
    sections.add(ExplanationWriter.section(row, explanation));
  }
}
