package org.ulmfit.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.subword.Texts;
import org.ulmfit.subword.TokenizerTraining;
import org.ulmfit.subword.TokenizerTraining.Result;
import org.ulmfit.subword.TokenizerTraining.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit train-tokenizer}: subwords of a corpus as a tokenizer.json. */
@Command(
    name = "train-tokenizer",
    header = "Train a subword tokenizer on a corpus; write it as a Hugging Face tokenizer.json.",
    description = {
      "",
      "For languages whose words are not parted by blanks or are too many for a vocabulary."
          + " Validation and test data are not read. The text rules run first, and their special"
          + " tokens are kept whole: train the model with the same rules.",
      ""
    })
final class TrainTokenizerCommand implements Callable<Integer> {
  /** The default of {@code --size}, and of a tokenizer that a model's training makes. */
  static final int SIZE = 15_000;

  @ParentCommand private Main main;
  @Mixin private CorpusArgument corpus;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      converter = ChoiceConverter.TokenizerType.class,
      defaultValue = "unigram",
      description = "unigram (default), as MultiFiT uses, or bpe.")
  private TokenizerTraining.Type type;

  @Option(
      names = "--size",
      paramLabel = "N",
      converter = CorpusMixin.Count.class,
      defaultValue = "" + SIZE,
      description = "Pieces, special tokens and single characters among them (default: 15000).")
  private int size;

  @Option(
      names = "--min-count",
      paramLabel = "N",
      converter = CorpusMixin.Count.class,
      defaultValue = "2",
      description = "bpe: two neighbours become a piece if they occur so often (default: 2).")
  private int leastCount;

  @Option(
      names = "--longest-run",
      paramLabel = "N",
      converter = CorpusMixin.Count.class,
      defaultValue = "64",
      description = "Cut runs of more characters without a break (default: 64).")
  private int longestRun;

  @Option(
      names = "--rules",
      paramLabel = "RULES",
      description =
          "Text rules: none, fastai-0.7, fastai-1, fastai-2 or fastai-2-subword; the same as --set"
              + " text.rules=... (default: the recipe's).")
  private @Nullable String rules;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where the tokenizer.json goes.")
  private Path out;

  @Option(names = "--overwrite", description = "Replace FILE if it is there.")
  private boolean overwrite;

  @Mixin private RecipeMixin recipe;

  @Override
  public Integer call() {
    Console console = main.console();
    if (Files.isDirectory(out)) {
      throw UlmfitException.usage(
          out + ": is a folder; name the file, as " + out.resolve("tokenizer.json"));
    }
    if (Files.exists(out) && !overwrite) {
      throw UlmfitException.usage(out + ": is there already; replace it with --overwrite");
    }
    List<String> more = new ArrayList<>();
    if (rules != null) {
      more.add("text.rules=" + rules);
    }
    Recipe.Text text = recipe.recipe(more).text();
    Settings settings = new Settings(type, size, leastCount, longestRun);
    long start = System.nanoTime();
    Result result =
        Interrupts.running(
            stop ->
                new TokenizerTraining(settings, text, console::say, stop)
                    .train(
                        "" + corpus.corpus(),
                        Texts.of(corpus.corpus(), corpus.limit(), console::say),
                        out));
    double seconds = (System.nanoTime() - start) * 1e-9;
    console.data("tokenizer: " + out);
    console.data("pieces: " + result.pieces());
    console.data("single characters: " + result.characters());
    console.say(
        Shown.format(
            "trained in %s s, %s characters a second",
            Figures.fixed(seconds, 1), Figures.number(Math.round(result.read() / seconds))));
    console.say(
        "next: ulmfit lm-finetune CORPUS --from-scratch --tokenizer "
            + out
            + rulesOf(text)
            + " --out RUN");
    return 0;
  }

  /** The option that a training needs for the same rules. */
  private static String rulesOf(Recipe.Text text) {
    return text.rules() == Recipes.defaults().text().rules()
        ? ""
        : " --set text.rules=" + Recipes.word(text.rules());
  }
}
