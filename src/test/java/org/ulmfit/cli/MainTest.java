package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.UlmfitException;
import org.ulmfit.Version;

class MainTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quickstart",
        "check-data",
        "prepare",
        "lr-find",
        "lm-finetune",
        "classify",
        "evaluate",
        "predict",
        "embed",
        "generate",
        "ensemble",
        "compare",
        "tokenize",
        "train-tokenizer",
        "import",
        "export",
        "doctor"
      })
  void everyCommandHasHelpWithExitCodesAndTheCommonOptions(String command) {
    Cli.Output help = Cli.run(command, "--help").ok();
    assertEquals("", help.err());
    assertTrue(help.out().contains("Usage: ulmfit " + command), help.out());
    Main.EXIT_CODES.forEach(
        (code, meaning) ->
            assertTrue(
                help.lines().stream().anyMatch(l -> l.strip().equals(pad(code) + meaning)), code));
    for (String option : List.of("-q, --quiet", "-v, --verbose", "-h, --help")) {
      assertTrue(help.out().contains(option), option);
    }
    assertTrue(help.lines().stream().allMatch(l -> l.length() <= 96), help.out());
    assertFalse(help.out().contains("\u001b"), "no colour without a terminal");
    assertTrue(Cli.run("--help").out().matches("(?s).*\n  " + command + "[ ,].*"));
  }

  private static String pad(String code) {
    return code + " ".repeat(6 - code.length());
  }

  @Test
  void trainIsClassify() {
    String name = "ulmfit classify";
    assertTrue(Cli.run("train", "--help").ok().out().contains("Usage: " + name));
  }

  @Test
  void theHelpOfClassifySaysFirstThatItTrains() {
    assertTrue(Cli.run("classify", "--help").lines().get(0).contains("TRAIN"));
  }

  @Test
  void aCommandsOwnOptionsComeBeforeThoseItSharesWithOthers() {
    String help = Cli.run("ensemble", "--help").ok().out();
    assertTrue(help.contains("Usage: ulmfit ensemble MODEL... --out=DIR [OPTIONS]\n"), help);
    List<String> order =
        List.of(
            "      --stack=VALID ",
            "\nReading the texts and labels:\n",
            "      --format=FORMAT ",
            "      --label-column=COLUMN ",
            "\nEngine:\n",
            "      --precision=PRECISION ",
            "\nMessages:\n  -h, --help ",
            "\nExit codes:\n");
    for (int i = 1; i < order.size(); i++) {
      assertTrue(help.contains(order.get(i - 1)), order.get(i - 1));
      assertTrue(help.indexOf(order.get(i - 1)) < help.indexOf(order.get(i)), order.get(i));
    }
    assertTrue(
        Cli.run("classify", "--help")
            .out()
            .contains("classify CORPUS [--encoder=RUN | --from=RUN] --out=RUN [OPTIONS]\n"));
    assertTrue(Cli.run("predict", "--help").out().contains("predict MODEL [FILE] [OPTIONS]\n"));
  }

  @Test
  void withoutCommandTheHelpGoesToStderr() {
    Cli.Output output = Cli.run();
    assertEquals(2, output.code());
    assertEquals("", output.out());
    assertTrue(output.err().contains("Usage: ulmfit"));
  }

  @Test
  void versionNamesWhatItStandsOn() {
    String out = Cli.run("--version").ok().out();
    assertTrue(out.startsWith("ulmfit " + Version.version() + " (commit "), out);
    assertTrue(out.contains("DJL " + Version.djl()) && out.contains("libtorch "), out);
  }

  @Test
  void aWrongOptionIsOneLineWithTheLikelyOneAndWhereHelpIs() {
    assertEquals(
        "ulmfit: unknown option '--rulez'; did you mean '--rules'? See 'ulmfit tokenize --help'",
        Cli.run("tokenize", "--rulez", "none").error(2));
    assertEquals(
        "ulmfit: unknown option '--no-haeder'; did you mean '--no-header'?"
            + " See 'ulmfit prepare --help'",
        Cli.run("prepare", "x", "--out", "y", "--no-haeder").error(2));
    assertEquals(
        "ulmfit: unknown option '--zzzzzz'; see 'ulmfit doctor --help'",
        Cli.run("doctor", "--zzzzzz").error(2));
    assertEquals(
        "ulmfit: unknown option '--encodr'; did you mean '--encoder'? See 'ulmfit classify --help'",
        Cli.run("classify", "x", "--encodr=y", "--out", "z").error(2));
    String missing = Cli.run("classify", "x", "--out", "z").error(2);
    assertTrue(missing.contains("--encoder"), missing);
  }

  @Test
  void aWrongCommandIsOneLine() {
    assertEquals(
        "ulmfit: unknown command 'lm-fintune'; did you mean 'lm-finetune'? See 'ulmfit --help'",
        Cli.run("lm-fintune").error(2));
  }

  @Test
  void wrongValuesAreOneLine() {
    String format = Cli.run("prepare", "x", "--out", "y", "--format", "cvs").error(2);
    assertTrue(format.contains("--format") && format.contains("did you mean 'csv'?"), format);
    String limit = Cli.run("prepare", "x", "--out", "y", "--limit", "0").error(2);
    assertTrue(limit.contains("'0' is not a whole number above 0"), limit);
    String charset = Cli.run("prepare", "x", "--out", "y", "--charset", "latin-what").error(2);
    assertTrue(charset.contains("'latin-what' is no encoding"), charset);
    String missing = Cli.run("classify", "x", "--out", "y").error(2);
    assertTrue(missing.contains("--encoder"), missing);
    String both =
        Cli.run("lm-finetune", "x", "--out", "y", "--pretrained=p", "--from-scratch").error(2);
    assertTrue(both.contains("mutually exclusive"), both);
  }

  @Test
  void recipeKeysAreChecked() {
    String key = Cli.run("prepare", "x", "--out", "y", "--set", "lm.batchsize=3").error(2);
    assertTrue(key.contains("lm.batchsize") && key.contains("lm.batchSize"), key);
    String file = Cli.run("prepare", "x", "--out", "y", "--config", "imdb-cpuu").error(2);
    assertTrue(file.contains("imdb-cpu"), file);
    String precision = Cli.run("prepare", "x", "--out", "y", "--precision", "fp8").error(2);
    assertTrue(precision.contains("fp8"), precision);
    String seed = Cli.run("prepare", "x", "--out", "y", "--seed", "abc").error(2);
    assertTrue(seed.contains("--seed"), seed);
  }

  @Test
  void anUnexpectedErrorIsOneLineAndATraceOnRequest() {
    assertEquals(
        "ulmfit: IllegalStateException: odd; run with --verbose for the stack trace\n",
        report(new IllegalStateException("odd"), false, 1));
    String verbose = report(new IllegalStateException("odd"), true, 1);
    assertTrue(verbose.startsWith("ulmfit: IllegalStateException: odd\n"), verbose);
    assertTrue(verbose.contains("\tat org.ulmfit.cli.MainTest"), verbose);
  }

  @Test
  void everyKindOfErrorHasItsExitCode() {
    for (UlmfitException.Kind kind : UlmfitException.Kind.values()) {
      assertEquals(
          "ulmfit: what and where\n",
          report(new UlmfitException(kind, "what\n and where"), false, kind.exitCode()));
    }
  }

  @Test
  void lackOfMemorySaysWhatToLower() {
    for (Throwable e :
        List.of(
            new OutOfMemoryError("Java heap space"),
            new IllegalStateException(
                new RuntimeException("DefaultCPUAllocator: can't allocate memory")))) {
      String line = report(e, false, 1);
      assertTrue(line.contains("lower lm.batchSize"), line);
      assertEquals(1, line.lines().count());
    }
  }

  private static String report(Throwable e, boolean verbose, int code) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    Console console = new Console(new ByteArrayInputStream(new byte[0]), stream, stream, false);
    console.verbose(verbose);
    assertEquals(code, new Errors(console).report(e));
    return err.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  /** Nor what is printed last, of which nobody hears any more. */
  @Test
  void anAnswerThatCannotBeWrittenIsAFailure() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    PrintStream out = new PrintStream(new BufferedOutputStream(full, 1 << 16), false);
    int code =
        Main.run(
            new String[] {"completion"},
            new ByteArrayInputStream(new byte[0]),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    assertEquals(1, code, err.toString(StandardCharsets.UTF_8));
    assertTrue(
        err.toString(StandardCharsets.UTF_8)
            .endsWith(
                "ulmfit: standard output cannot be written; it was closed, or the disk is full\n"),
        err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void bashReadsTheCompletion(@TempDir Path dir) throws Exception {
    String script = Cli.run("completion").ok().out();
    assertTrue(
        script.contains("'--encoder'") && script.contains("classify"), "options and commands");
    Path file = Files.writeString(dir.resolve("ulmfit"), script);
    Process bash = new ProcessBuilder("bash", "-n", file.toString()).inheritIO().start();
    assertEquals(0, bash.waitFor());
  }
}
