package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model remembers how its labels stood: what it was trained on is read again without options. */
@Tag("engine")
class LabelFormsTest {
  @TempDir Path dir;

  @Test
  void columnsOfZeroAndOne() throws IOException {
    Path file = table("id,text,toxic,insult", "%1$d,the film number %1$d was said to be,%2$d,%3$d");
    Path run = classify(file, "--label-columns=toxic,insult");
    Cli.Output evaluated = Cli.run("evaluate", "--json", "" + run, "" + file).ok();
    String labels = "labels = 2 columns of 0 and 1: toxic, insult";
    assertTrue(evaluated.err().contains(labels), evaluated.err());
    Cli.Output predicted = Cli.run("predict", "" + run, "" + file).ok();
    assertEquals(40, predicted.out().lines().count());
    assertTrue(predicted.err().contains("text = \"text\""), predicted.err());
    assertEquals(
        "ulmfit: --task single: training was on several labels a row; leave it out",
        Cli.run("evaluate", "" + run, "" + file, "--task=single").error(2));
    assertEquals(
        "ulmfit: --task multi: training was on one label a row; leave it out",
        Cli.run("evaluate", "" + TinyRun.get().classifier(), "" + file, "--task=multi").error(2));
  }

  @Test
  void indicesWithASeparator() throws IOException {
    Path names = Files.writeString(dir.resolve("names.txt"), "love\njoy\nfear\n");
    String rows =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    "%s\tthe film number %d was said to be\n"
                        .formatted(i % 3 == 0 ? "0" : i % 3 == 1 ? "1,2" : "", i))
            .collect(Collectors.joining());
    Path file = Files.writeString(dir.resolve("a.tsv"), rows);
    Path run = classify(file, "--label-separator=,", "--label-names=" + names);
    Cli.Output evaluated = Cli.run("evaluate", "--json", "" + run, "" + file).ok();
    String labels = "labels = 0, separated by \",\", indices of 3 names";
    assertTrue(evaluated.err().contains(labels), evaluated.err());
    Path other =
        Files.writeString(
            dir.resolve("b.jsonl"),
            "{\"text\":\"the film was\",\"labels\":[\"joy\",\"hate\"]}\n"
                + "{\"text\":\"the film was\",\"labels\":[]}\n");
    String refused = Cli.run("evaluate", "" + run, "" + other).error(3);
    assertTrue(
        refused.contains("label 'hate' is none of those known from training (love, joy, fear)"),
        refused);
    Cli.Output skipped =
        Cli.run("evaluate", "" + run, "" + other, "--on-bad-row=skip", "--json").ok();
    assertTrue(skipped.err().contains("1 of 2 rows rejected"), skipped.err());
    assertTrue(skipped.err().contains("evaluating 1 rows"), skipped.err());
  }

  private Path table(String header, String form) throws IOException {
    String rows =
        IntStream.range(0, 40)
            .mapToObj(i -> form.formatted(i, i % 2, i % 3 == 0 ? 1 : 0) + "\n")
            .collect(Collectors.joining());
    return Files.writeString(dir.resolve("a.csv"), header + "\n" + rows);
  }

  private Path classify(Path file, String... options) {
    Path run = dir.resolve("run");
    Cli.run(
            Cli.and(
                TinyRun.SIZES,
                Cli.and(
                    List.of(options),
                    "classify",
                    "" + file,
                    "--encoder=" + TinyRun.get().lm(),
                    "--out=" + run)))
        .ok();
    return run;
  }
}
