package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.JavaCommand;

class TokenizeCommandTest {

  private static Cli.Output tokenize(String stdin, String... args) {
    return Cli.run(stdin, List.of(Cli.and(List.of(args), "tokenize")));
  }

  @Test
  void oneArrayPerLine() {
    Cli.Output output = tokenize("Hello World, it's GREAT!\n\nlast line").ok();
    assertEquals(
        List.of(
            "[\"xxbos\", \"xxmaj\", \"hello\", \"xxmaj\", \"world\", \",\", \"it\", \"'s\","
                + " \"xxup\", \"great\", \"!\"]",
            "[\"xxbos\"]",
            "[\"xxbos\", \"last\", \"line\"]"),
        output.lines());
    assertEquals("", output.err());
  }

  @Test
  void withoutRulesTheTokenizerAlone() {
    assertEquals(
        List.of("[\"Hello\", \"World\", \",\", \"it\", \"'s\", \"GREAT\", \"!\"]"),
        tokenize("Hello World, it's GREAT!\n", "--rules", "none").ok().lines());
  }

  @Test
  void thePrefixComesOnRequest() {
    String plain = tokenize("Good film\n", "--rules", "fastai-0.7", "--tokenizer=spacy-2.0").out();
    String prefixed =
        tokenize("Good film\n", "--rules", "fastai-0.7", "--tokenizer=spacy-2.0", "--prefix").out();
    assertFalse(plain.contains("xbos"), plain);
    assertTrue(prefixed.contains("\"xbos\", \"xfld\", \"1\", \"good\", \"film\""), prefixed);
  }

  @Test
  void fieldsAreMarkedAndCountedAsAModelDoes() {
    String rows = "{\"title\": \"a\", \"body\": \"b\"}\n";
    String[] options = {"--format=jsonl", "--text-column=title,body", "--rules=fastai-0.7"};
    assertEquals(
        List.of("[\"\\n\", \"xbos\", \"xfld\", \"1\", \"a\", \"xfld\", \"1\", \"b\"]"),
        tokenize(rows, options).ok().lines());
    assertEquals(
        List.of("[\"\\n\", \"xbos\", \"xfld\", \"1\", \"a\", \"xfld\", \"2\", \"b\"]"),
        tokenize(rows, Cli.and(List.of("--field-numbers=paper"), options)).ok().lines());
    assertEquals(
        List.of("[\"\\n\", \"xbos\", \"a\", \"b\"]"),
        tokenize(rows, Cli.and(List.of("--mark-fields=never"), options)).ok().lines());
    String line = tokenize(rows, Cli.and(List.of("--mark-fields=maybe"), options)).error(2);
    assertTrue(line.contains("maybe"), line);
  }

  @Test
  void jsonLinesMayHoldLineEnds() {
    assertEquals(
        List.of("[\"a\", \"\\n\", \"b\"]", "[\"c\"]"),
        tokenize(
                "{\"id\": 3, \"text\": \"a\\nb\"}\n{\"text\": \"c\"}\n",
                "--format=jsonl",
                "--rules=none")
            .ok()
            .lines());
    String error = tokenize("{\"text\": \"c\"}\n{\"txt\": \"d\"}\n", "--format=jsonl").error(3);
    assertTrue(error.contains("standard input: row 2: no string under \"text\""), error);
  }

  @Test
  void theOrderOfTenThousandLinesIsKept() {
    String text =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "w" + i + " x".repeat(i % 37))
            .collect(Collectors.joining("\n"));
    List<String> lines = tokenize(text, "--rules=none").ok().lines();
    assertEquals(10_000, lines.size());
    for (int i = 0; i < lines.size(); i++) {
      assertTrue(lines.get(i).startsWith("[\"w" + i + "\""), lines.get(i));
    }
  }

  @Test
  void aFileIsReadAsStandardInputIs(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("a.txt"), "one two\n");
    assertEquals(
        List.of("[\"one\", \"two\"]"),
        Cli.run("tokenize", "--rules=none", file.toString()).ok().lines());
    String missing = Cli.run("tokenize", dir.resolve("b.txt").toString()).error(3);
    assertTrue(missing.contains("b.txt: no such file"), missing);
  }

  @Test
  void wrongNamesAndBytesAreOneLine() {
    assertTrue(tokenize("x\n", "--rules", "fastai2").error(2).contains("fastai-2"));
    assertTrue(tokenize("x\n", "--tokenizer", "spacy3").error(2).contains("spacy-3"));
    assertTrue(tokenize("x\n", "--tokenizer", "no/such.json").error(3).contains("no/such.json"));
    Cli.Output bad = Cli.run(new byte[] {'a', '\n', (byte) 0xC3, '\n'}, "tokenize");
    assertTrue(bad.error(3).contains("standard input: byte 2: not UTF-8"), bad.err());
  }

  @Test
  void theEngineIsNotLoadedAndStdoutHoldsOnlyData(@TempDir Path dir)
      throws IOException, InterruptedException {
    Path log = dir.resolve("classes.log");
    Process process =
        new ProcessBuilder(
                JavaCommand.of(
                    List.of("-Xlog:class+load:file=" + log),
                    Main.class,
                    List.of("tokenize", "--rules=none")))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().write("é ok\n".getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    assertEquals("[\"é\", \"ok\"]\n", out);
    String classes = Files.readString(log);
    assertTrue(classes.contains("org.ulmfit.text.TextPipeline"), "the log is one of classes");
    assertFalse(classes.contains(" ai.djl."), "no class of the engine");
  }
}
