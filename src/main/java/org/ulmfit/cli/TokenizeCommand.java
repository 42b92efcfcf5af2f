package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.JsonText;
import org.ulmfit.corpus.TextReader;
import org.ulmfit.corpus.TextReader.Text;
import org.ulmfit.text.FieldMarks;
import org.ulmfit.text.FieldNumbers;
import org.ulmfit.text.Normalise;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TextPipeline;
import org.ulmfit.text.TokenizerSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit tokenize}: what the model will see. */
@Command(
    name = "tokenize",
    header = "Show what the model will see: one text in, one JSON array of tokens out.",
    description = {
      "",
      "Runs the text rules of a profile and its tokenizer, in the order of the input. The engine is"
          + " not loaded.",
      ""
    })
final class TokenizeCommand implements Callable<Integer> {
  /** Texts handed to the threads at a time. */
  private static final int BATCH = 4096;

  @ParentCommand private Main main;

  @Option(
      names = "--rules",
      paramLabel = "RULES",
      defaultValue = "fastai-2",
      description =
          "none, fastai-0.7, fastai-1, fastai-2 (default) or fastai-2-subword: the corpus fix-ups"
              + " and rules of that profile; none: the tokenizer alone.")
  private String rules;

  @Option(
      names = "--tokenizer",
      paramLabel = "TOKENIZER",
      defaultValue = "spacy-3",
      description =
          "spacy-3 (default) or spacy-2.0 (English words), icu, icu:LOCALE, chars or the path of a"
              + " tokenizer.json.")
  private String tokenizer;

  @Option(
      names = "--normalise",
      paramLabel = "FORM",
      defaultValue = "none",
      description = "none (default), nfc or nfkc: Unicode normal form of the texts.")
  private String normalise;

  @Option(
      names = "--mark-fields",
      defaultValue = "auto",
      paramLabel = "WHICH",
      description =
          "auto (default), always or never: whether texts of a document are marked with their"
              + " number, as text.markFields.")
  private String markFields;

  @Option(
      names = "--field-numbers",
      defaultValue = "lesson",
      paramLabel = "HOW",
      description = "lesson (default) or paper: their numbers, as text.fieldNumbers.")
  private String fieldNumbers;

  @Mixin private InputMixin input;

  @Option(
      names = "--prefix",
      description =
          "Put the profile's document prefix before each text, as training does; texts of several"
              + " columns have theirs in any case.")
  private boolean prefix;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = "-",
      description = "The texts, also .gz; - for standard input (default).")
  private Path file;

  @Override
  public Integer call() {
    Console console = main.console();
    try (TextPipeline pipeline = pipeline();
        TextReader texts = input.open(file, console, null)) {
      if (!texts.isPlain()) {
        console.say(texts.found());
      }
      for (List<Text> batch = texts.batch(BATCH); !batch.isEmpty(); batch = texts.batch(BATCH)) {
        for (String json : tokenize(pipeline, batch)) {
          console.data(json);
        }
        console.flush();
      }
    }
    return 0;
  }

  private TextPipeline pipeline() {
    return TextPipeline.of(
        Rules.of(rules),
        TokenizerSpec.parse(tokenizer),
        Recipes.choice(FieldMarks.class, markFields),
        Recipes.choice(FieldNumbers.class, fieldNumbers),
        Recipes.choice(Normalise.class, normalise));
  }

  private List<String> tokenize(TextPipeline pipeline, List<Text> texts) {
    return texts.parallelStream()
        .map(text -> JsonText.array(tokens(pipeline, text.fields())))
        .toList();
  }

  private List<String> tokens(TextPipeline pipeline, List<String> fields) {
    return prefix || fields.size() > 1
        ? pipeline.documentTokens(fields)
        : pipeline.tokens(fields.get(0));
  }
}
