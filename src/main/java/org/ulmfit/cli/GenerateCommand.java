package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.lm.Generator;
import org.ulmfit.lm.Sampling;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit generate}: a language model writes. */
@Command(
    name = "generate",
    header = "Let a language model write: text on stdout, word by word.",
    description = {
      "",
      "Shows what a language model has learned of its texts. It reads the prompt and draws one"
          + " token after another of what it expects; the marks of the text rules come out as"
          + " capitals, repetitions and new lines.",
      ""
    })
final class GenerateCommand implements Callable<Integer> {
  private static final long MOST_SEED = (1L << 32) - 1;

  @ParentCommand private Main main;

  @Parameters(
      paramLabel = "MODEL",
      description = "Run of lm-finetune, or the folder of a language model.")
  private Path model;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "What the text begins with (default: nothing).")
  private String prompt;

  @Option(
      names = "--length",
      paramLabel = "N",
      defaultValue = "100",
      converter = CorpusMixin.Count.class,
      description = "Tokens at most (default: 100); a model may end its text before.")
  private int length;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0.8",
      description =
          "Below 1 the probable becomes more so (default: 0.8); 0 takes the most probable word each"
              + " time.")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "0",
      description = "Draw of the K most probable words (default: 0, of all).")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "0.95",
      description =
          "Draw of the most probable words that together have this probability (default: 0.95; 1 ="
              + " of all).")
  private double topP;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Of the draws (default: 42); the same seed writes the same text.")
  private long seed;

  @Mixin private EngineMixin engine;

  @Override
  public Integer call() {
    engine.apply();
    if (seed < 0 || seed > MOST_SEED) {
      throw UlmfitException.usage("--seed " + seed + ": use 0 to " + MOST_SEED);
    }
    Sampling sampling = new Sampling(temperature, topK, topP);
    Console console = main.console();
    try (Generator generator = Generator.open(model, engine.device())) {
      Generator.Written written =
          generator.write(prompt, length, sampling, seed, this::told, new Stop());
      console.data("");
      if (written.ended()) {
        console.say("the text ended after " + written.tokens() + " tokens");
      }
    }
    return 0;
  }

  private void told(String piece) {
    if (!piece.isEmpty()) {
      main.console().out().print(piece);
      main.console().flush();
    }
  }
}
