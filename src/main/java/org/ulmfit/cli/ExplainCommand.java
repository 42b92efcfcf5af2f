package org.ulmfit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ulmfit.corpus.TextReader.Text;
import org.ulmfit.predict.Explanation;
import org.ulmfit.predict.ExplanationJson;
import org.ulmfit.predict.TextClassifier;
import org.ulmfit.report.Html;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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
      "Reads what 'predict' reads, a text at a time; a network takes some ten to a hundred times as"
          + " long as for an answer. Of a text of more than 8,192 tokens 'awd-lstm' weighs the last"
          + " ones.",
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

  @Mixin private TextsMixin texts;

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

  @Override
  public Integer call() {
    Console console = main.console();
    try (TextsMixin.Asked asked = texts.open(console)) {
      List<String> sections = new ArrayList<>();
      asked.forEachBatch(
          rows -> {
            for (Text row : rows) {
              explain(asked.classifier(), row, sections);
            }
          });
      PredictCommand.warn(asked.classifier().coverage(), console);
      if (format == Format.HTML) {
        String page = Html.page("What decides", String.join("", sections));
        console.data(page.stripTrailing());
        console.flush();
      }
    }
    return 0;
  }

  private void explain(TextClassifier classifier, Text row, List<String> sections) {
    Console console = main.console();
    List<Explanation> explanations = classifier.explainFields(row.fields(), labels);
    switch (format) {
      case JSONL -> console.data(ExplanationJson.line(row, explanations));
      case TEXT -> explanations.forEach(e -> lines(row, e));
      case HTML -> explanations.forEach(e -> add(sections, row, e));
    }
    console.flush();
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
