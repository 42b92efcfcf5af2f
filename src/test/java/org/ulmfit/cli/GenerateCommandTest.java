package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code generate} on tiny language models. */
@Tag("engine")
class GenerateCommandTest {
  private static TinyRun.Output run;

  @TempDir Path dir;

  @BeforeAll
  static void train() {
    run = TinyRun.get();
  }

  private static Cli.Output generate(String... options) {
    String[] command = new String[options.length + 2];
    command[0] = "generate";
    command[1] = "" + run.lm();
    System.arraycopy(options, 0, command, 2, options.length);
    return Cli.run(command);
  }

  @Test
  void theTextBeginsWithThePromptAndDependsOnTheSeed() {
    String text = generate("--prompt=The film was GREAT", "--length=40").ok().out();
    assertTrue(text.startsWith("The film was GREAT"), text);
    assertTrue(text.split("\\s+").length > 15, text);
    assertFalse(text.contains("xx"), text);
    assertEquals(text, generate("--prompt=The film was GREAT", "--length=40").ok().out());
    assertNotEquals(
        text, generate("--prompt=The film was GREAT", "--length=40", "--seed=7").ok().out());
  }

  @Test
  void withoutAPromptItBeginsByItself() {
    assertFalse(generate("--length=20", "--temperature=1", "--top-p=1").ok().out().isBlank());
  }

  @Test
  void coldItRepeatsWhatIsMostProbable() {
    String text = generate("--prompt=the", "--length=30", "--temperature=0").ok().out();
    assertEquals(text, generate("--prompt=the", "--length=30", "--top-k=1", "--seed=3").ok().out());
  }

  @Test
  void aCharacterModelWritesText() throws Exception {
    Path out = dir.resolve("chars");
    Cli.run(
            Cli.and(
                TinyRun.SIZES,
                "lm-finetune",
                "" + run.corpus(),
                "--limit=100",
                "--from-scratch",
                "--tokenizer=chars",
                "--out=" + out))
        .ok();
    String text = Cli.run("generate", "" + out, "--prompt=The Film", "--length=60").ok().out();
    assertTrue(text.startsWith("The Film"), text);
    assertTrue(text.strip().length() > 30, text);
    assertFalse(text.contains("xxmaj"), text);
    assertTrue(Files.exists(out));
  }

  @Test
  void whatCannotWriteIsRefused() {
    String line = Cli.run("generate", "" + run.classifier()).error(4);
    assertTrue(line.contains("classifier"), line);
    line = Cli.run("generate", "" + run.lm().resolve("encoder")).error(4);
    assertTrue(line.contains("an encoder predicts no words"), line);
    line = generate("--temperature=-1").error(2);
    assertTrue(line.contains("temperature -1"), line);
    line = generate("--seed=-1").error(2);
    assertTrue(line.contains("--seed -1"), line);
    line = generate("--length=0").error(2);
    assertTrue(line.contains("--length"), line);
  }
}
