package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TextPipeline;
import org.ulmfit.text.TokenizerSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit tokenize}: what the model will see. */
@Command(
    name = "tokenize",
    header = "Show what the model will see: one line of text in, one JSON array of tokens out.",
    description = {
      "",
      "Runs the text rules of a profile and its tokenizer, in the order of the input. The engine is"
          + " not loaded.",
      ""
    })
final class TokenizeCommand implements Callable<Integer> {
  /** Lines handed to the threads at a time; so much memory and no more. */
  private static final int BATCH_LINES = 4096;

  private static final long BATCH_BYTES = 4 << 20;

  @ParentCommand private Main main;

  @Option(
      names = "--rules",
      paramLabel = "RULES",
      defaultValue = "fastai-2",
      description =
          "none, fastai-0.7, fastai-1 or fastai-2 (default): the corpus fix-ups and rules of that"
              + " profile; none: the tokenizer alone.")
  private String rules;

  @Option(
      names = "--tokenizer",
      paramLabel = "TOKENIZER",
      defaultValue = "spacy-3",
      description = "spacy-2.0, spacy-3 (default) or the path of a tokenizer.json.")
  private String tokenizer;

  @Option(names = "--jsonl", description = "Each line of the input is a JSON object with \"text\".")
  private boolean jsonl;

  @Option(
      names = "--prefix",
      description = "Put the profile's document prefix before each text, as training does.")
  private boolean prefix;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = "-",
      description = "UTF-8 text; - for standard input (default).")
  private Path file;

  @Override
  public Integer call() {
    Console console = main.console();
    try (TextPipeline pipeline = TextPipeline.of(Rules.of(rules), TokenizerSpec.parse(tokenizer));
        Lines lines = Inputs.lines(file, console)) {
      long before = 0;
      for (List<String> batch = lines.batch(BATCH_LINES, BATCH_BYTES);
          !batch.isEmpty();
          batch = lines.batch(BATCH_LINES, BATCH_BYTES)) {
        long first = before + 1;
        before = lines.number();
        for (String json : tokenize(pipeline, texts(batch, first, lines))) {
          console.data(json);
        }
        console.flush();
      }
    }
    return 0;
  }

  private List<String> texts(List<String> batch, long first, Lines lines) {
    if (!jsonl) {
      return batch;
    }
    String[] texts = new String[batch.size()];
    for (int i = 0; i < texts.length; i++) {
      String where = lines.name() + ": line " + (first + i);
      texts[i] = JsonText.string(JsonText.object(batch.get(i), where), "text", where);
    }
    return List.of(texts);
  }

  private List<String> tokenize(TextPipeline pipeline, List<String> texts) {
    return texts.parallelStream()
        .map(
            text ->
                JsonText.array(
                    prefix
                        ? pipeline.documentTokens(List.of(text), "auto", "lesson")
                        : pipeline.tokens(text)))
        .toList();
  }
}
