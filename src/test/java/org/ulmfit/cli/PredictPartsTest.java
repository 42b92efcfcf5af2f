package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Ulmfit;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;

/** Answers in several files, by several programs. */
class PredictPartsTest {
  @TempDir static Path shared;
  @TempDir Path dir;
  private static Path model;
  private static Path other;

  @BeforeAll
  static void train() {
    List<Document> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(Document.of((i % 2 == 0 ? "lovely bright " : "dull broken ") + i, "c" + i % 2));
    }
    model = shared.resolve("model");
    other = shared.resolve("other");
    Ulmfit.classifier(Corpus.of(rows)).recipe("ngram-lr").into(model);
    Ulmfit.classifier(Corpus.of(rows.subList(0, 30))).recipe("ngram-lr").into(other);
  }

  private Path parts(int count, int rows) throws IOException {
    Path folder = Files.createDirectories(dir.resolve("in-" + count));
    for (int part = 0; part < count; part++) {
      StringBuilder lines = new StringBuilder();
      for (int row = part; row < rows; row += count) {
        lines
            .append("{\"id\": ")
            .append(row)
            .append(", \"text\": \"")
            .append(row % 3 == 0 ? "lovely" : "broken")
            .append("\"}\n");
      }
      Files.writeString(folder.resolve("part-%05d.jsonl".formatted(part)), lines);
    }
    return folder;
  }

  private static List<String> sorted(Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl.gz")).toList()) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
          lines.addAll(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
        }
      }
    }
    return lines.stream().sorted().toList();
  }

  @Test
  void anyNumberOfPartsAndShardsGivesTheSameAnswers() throws IOException {
    Path whole = parts(1, 50);
    List<String> expected =
        Cli.run("predict", "" + model, "" + whole).ok().lines().stream().sorted().toList();
    assertEquals(50, expected.size());
    Path out = dir.resolve("out");
    Path input = parts(5, 50);
    for (int shard = 0; shard < 3; shard++) {
      Cli.run("predict", "" + model, "" + input, "--out=" + out, "--shard=" + shard + "/3").ok();
    }
    assertEquals(expected, sorted(out));
    assertTrue(Files.exists(out.resolve("part-00004.jsonl.gz")));
    assertEquals(
        expected,
        Cli.run("predict", "" + model, "" + input).ok().lines().stream().sorted().toList());
    Path rows = dir.resolve("rows");
    Path file = whole.resolve("part-00000.jsonl");
    for (int shard = 0; shard < 4; shard++) {
      Cli.run("predict", "" + model, "" + file, "--out=" + rows, "--shard=" + shard + "/4").ok();
    }
    assertEquals(expected, sorted(rows));
  }

  @Test
  void whatIsThereIsLeftAndWhatIsNotIsMade() throws IOException {
    Path input = parts(3, 12);
    Path out = dir.resolve("out");
    Cli.run("predict", "" + model, "" + input, "--out=" + out).ok();
    List<String> all = sorted(out);
    Path first = out.resolve("part-00000.jsonl.gz");
    byte[] bytes = Files.readAllBytes(first);
    Files.delete(out.resolve("part-00001.jsonl.gz"));
    Cli.Output again = Cli.run("predict", "" + model, "" + input, "--out=" + out).ok();
    assertTrue(again.err().contains("2 of 3 files are there"), again.err());
    assertEquals(all, sorted(out));
    assertEquals(bytes.length, Files.size(first));
    String error = Cli.run("predict", "" + other, "" + input, "--out=" + out).error(2);
    assertTrue(error.contains("was begun with another model"), error);
  }

  @Test
  void anEmptyPartIsAnsweredByAnEmptyOne() throws IOException {
    Path input = parts(2, 4);
    Files.writeString(input.resolve("part-00002.jsonl"), "");
    Path out = dir.resolve("out");
    Cli.run("predict", "" + model, "" + input, "--out=" + out).ok();
    assertEquals(4, sorted(out).size());
    assertTrue(Files.exists(out.resolve("part-00002.jsonl.gz")));
  }

  @Test
  void filesThatWouldGiveWrongAnswersInSilenceAreRefused() throws IOException {
    Path input = parts(2, 4);
    Path out = dir.resolve("out");
    String m = "" + model;
    String piped = Cli.run("predict", m, "--out=" + out).error(2);
    assertTrue(piped.contains("standard input"), piped);
    Files.copy(input.resolve("part-00000.jsonl"), input.resolve("part-00000.json"));
    String two = Cli.run("predict", m, "" + input, "--out=" + out).error(3);
    assertTrue(two.contains("part-00000.jsonl.gz; rename one"), two);
    Files.delete(input.resolve("part-00000.json"));
    assertFalse(Files.exists(out));
    Cli.run("predict", m, "" + input, "--out=" + out).ok();
    String others = Cli.run("predict", m, "" + input, "--out=" + out, "--top-k=1").error(2);
    assertTrue(others.contains("other options"), others);
    Files.writeString(input.resolve("part-00001.jsonl"), "{\"id\": 9, \"text\": \"lovely\"}\n");
    String changed = Cli.run("predict", m, "" + input, "--out=" + out).error(2);
    assertTrue(changed.contains("input"), changed);
    Path tables = Files.createDirectories(dir.resolve("tables"));
    Files.writeString(tables.resolve("part-0.csv"), "id,text\n1,lovely\n2,dull\n");
    Files.writeString(tables.resolve("part-1.csv"), "id,review\n3,lovely\n4,dull\n");
    Cli.Output columns = Cli.run("predict", m, "" + tables);
    assertEquals(3, columns.code(), columns.err());
  }

  @Test
  void whatMakesNoSenseIsRefusedBeforeWorkBegins() throws IOException {
    Path input = parts(2, 4);
    Path out = dir.resolve("out");
    String m = "" + model;
    assertTrue(Cli.run("predict", m, "" + input, "--shard=0/2").error(2).contains("--out"));
    assertTrue(
        Cli.run("predict", m, "" + input, "--out=" + out, "--shard=2/2")
            .error(2)
            .contains("0/2 to 1/2"));
    assertTrue(
        Cli.run("predict", m, "" + input, "--out=" + out, "--output-format=csv")
            .error(2)
            .contains("JSON lines"));
    assertFalse(Files.exists(out));
    Files.createDirectories(out);
    Files.writeString(out.resolve("mine.txt"), "mine");
    assertTrue(
        Cli.run("predict", m, "" + input, "--out=" + out).error(2).contains("holds other files"));
  }
}
