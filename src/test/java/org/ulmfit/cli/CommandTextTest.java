package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.ulmfit.run.Invocation;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

class CommandTextTest {

  @Command
  static final class Anything {
    @Parameters List<String> words;
  }

  private static CommandSpec given(String... words) {
    CommandLine line = new CommandLine(new Anything());
    line.setUnmatchedOptionsArePositionalParams(true);
    line.parseArgs(words);
    return line.getCommandSpec();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aShellReadsTheWordsThatWereGiven() throws Exception {
    String[] words = {
      "classify",
      "it's <b>.csv",
      "",
      "$HOME `id` \\ !",
      "two\nlines",
      "\"q\"",
      "*",
      "~",
      "ü",
      "#a",
      "-x=;"
    };
    String command = CommandText.of(given(words)).replaceFirst("^ulmfit ", "printf '%s\\\\0' ");
    Process shell = new ProcessBuilder("sh", "-c", command).start();
    String read = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(String.join("\0", words) + "\0", read, command);
  }

  @Test
  void whatOnlyGoesOnOrReplacesIsLeftOut() {
    assertEquals(
        "ulmfit classify a.csv --out r",
        CommandText.of(given("classify", "a.csv", "--overwrite", "--out", "r", "--resume")));
  }

  @Test
  void theRecipeStandsForWhatItWasSettledFrom() {
    Invocation made =
        CommandText.training(
            given(
                "classify",
                "my corpus.csv",
                "--config=imdb-cpu",
                "--set",
                "classifier.batchSize=8",
                "--set=seed=7",
                "--seed",
                "9",
                "--precision=fp32",
                "--settle",
                "--limit=100",
                "--encoder",
                "lm run",
                "--overwrite",
                "--out=the run"),
            "the run");
    assertEquals(
        "ulmfit classify 'my corpus.csv' --config=imdb-cpu --set classifier.batchSize=8 --set=seed=7"
            + " --seed 9 --precision=fp32 --settle --limit=100 --encoder 'lm run' '--out=the run'",
        made.command());
    assertEquals(
        "ulmfit classify 'my corpus.csv' --settle --limit=100 --encoder 'lm run' --config 'the"
            + " run/recipe.yaml' --out 'the run-again'",
        made.byRecipe());
  }
}
