package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.TextReader;

/** Labels that hold what no table can, through training, report, card and prediction. */
@Tag("engine")
class LabelsShownTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path dir;

  @Test
  void labelsOfAnyKindBreakNoTableAndStayWhatTheyAreForMachines() throws Exception {
    List<String> labels =
        List.of(
            "line one\nline two",
            "a|b",
            "<script>alert(1)</script>",
            "\u001b[31mred",
            "tab\there",
            "with, comma",
            "quo\"te",
            "no\u00a0break",
            "日本語",
            "שלום",
            "👩\u200d🔬",
            "-",
            "*bold*",
            "very long " + "x".repeat(300));
    TinyRun.Output run = TinyRun.get();
    Path corpus =
        Files.writeString(
            dir.resolve("labels.csv"),
            IntStream.range(0, labels.size() * 4)
                .mapToObj(
                    i ->
                        '"' + labels.get(i / 4).replace("\"", "\"\"") + "\",the film was good " + i)
                .collect(Collectors.joining("\n", "label,text\n", "\n")));
    Path out = dir.resolve("c");
    Cli.Output output =
        Cli.run(
                Cli.and(
                    TinyRun.SIZES,
                    "classify",
                    "" + corpus,
                    "--encoder=" + run.lm(),
                    "--out=" + out))
            .ok();
    List<String> sorted =
        JSON.readerForListOf(String.class)
            .readValue(out.resolve("classifier/labels.json").toFile());
    assertEquals(labels.size(), sorted.size());
    assertTrue(sorted.containsAll(labels), sorted.toString());
    String report = Files.readString(out.resolve("report/report.md"));
    for (String text : List.of(output.out(), output.err(), report)) {
      text.codePoints().forEach(c -> assertTrue(c == '\n' || !Character.isISOControl(c), text));
      assertFalse(text.contains("x".repeat(50)), text);
    }
    List<String> table = report.lines().dropWhile(l -> !l.startsWith("| class |")).toList();
    assertEquals(labels.size() + 2, table.indexOf(""), report);
    assertTrue(report.contains("| line one\\\\nline two | "), report);
    assertFalse(report.replace("\\<", "").contains("<script"), report);
    String card = Files.readString(out.resolve("classifier/README.md"));
    assertEquals(1, card.lines().filter(l -> l.startsWith("Labels: ")).count(), card);
    assertTrue(card.contains("line one\\\\nline two") && !card.contains("\u001b"), card);
    String dry =
        Cli.run(
                Cli.and(
                    TinyRun.SIZES,
                    "classify",
                    "" + corpus,
                    "--encoder=" + run.lm(),
                    "--out=" + dir.resolve("d"),
                    "--dry-run"))
            .ok()
            .out();
    assertTrue(dry.contains("\"with, comma\"") && !dry.contains("\u001b"), dry);
    Cli.run("prepare", "" + corpus, "--out=" + dir.resolve("p")).ok();
    assertEquals(
        labels.size(), Files.readAllLines(dir.resolve("p/csv/classifier/classes.txt")).size());
    String look = Cli.run("prepare", "" + corpus, "--dry-run").ok().out();
    assertEquals(2, look.lines().count(), look);

    String csv =
        Cli.run("the film was good\n", List.of("predict", "" + out, "--output-format=csv"))
            .ok()
            .out();
    List<List<String>> rows = cells(csv, 2 + sorted.size());
    List<String> head = rows.get(0);
    assertEquals(
        Stream.concat(Stream.of("id", "label"), sorted.stream().map(l -> "p(" + l + ")")).toList(),
        head);
    List<String> row = rows.get(1);
    assertEquals(head.size(), row.size());
    assertTrue(sorted.contains(row.get(1)), row.get(1));
  }

  private List<List<String>> cells(String csv, int columns) throws IOException {
    CorpusOptions table =
        CorpusOptions.defaults()
            .withSeparator(',')
            .withHeader(CorpusOptions.Header.NO)
            .withTextColumns(IntStream.range(0, columns).mapToObj(Integer::toString).toList());
    Path file = Files.writeString(dir.resolve("answers.csv"), csv);
    try (TextReader reader = TextReader.open(file, InputStream.nullInputStream(), table, null)) {
      return reader.batch(9).stream().map(TextReader.Text::fields).toList();
    }
  }
}
