package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.io.ModelFolder;

/** {@code lr-find}, and recipes that leave a rate to it. */
@Tag("engine")
class LrFindCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static TinyRun.Output run;

  @TempDir Path dir;

  @BeforeAll
  static void train() {
    run = TinyRun.get();
  }

  private Cli.Output find(String... options) {
    List<String> all = new ArrayList<>(TinyRun.SIZES);
    all.addAll(List.of(options));
    return Cli.run(Cli.and(all, "lr-find", "" + run.corpus(), "--steps=60"));
  }

  @Test
  void aLanguageModelsRatesAreTriedAndSuggested() throws IOException {
    Path out = dir.resolve("pictures");
    Cli.Output found = find("--start=1e-5", "--from-scratch", "--out=" + out).ok();
    List<String> lines = found.lines();
    for (String method : List.of("steep", "valley", "minimum", "slide")) {
      assertTrue(lines.stream().anyMatch(line -> line.startsWith(method + " ")), found.out());
    }
    assertTrue(found.out().contains("take it: --set 'lm.stages.0.rates.lr="), found.out());
    assertTrue(found.err().contains("loss  "), found.err());
    for (String name : List.of("lr-find.svg", "lr-find.png", "lr-find.json")) {
      assertTrue(Files.size(out.resolve(name)) > 500, name);
    }
    JsonNode json = JSON.readTree(out.resolve("lr-find.json").toFile());
    JsonNode points = json.get("points");
    assertEquals(1e-5, points.get(0).get("rate").asDouble(), 1e-12);
    double first = points.get(0).get("loss").asDouble();
    double lowest = first;
    for (JsonNode point : points) {
      lowest = Math.min(lowest, point.get("loss").asDouble());
    }
    assertTrue(lowest < first - 0.1, first + " falls to " + lowest);
    String again = find("--start=1e-5", "--from-scratch", "--out=" + out).error(2);
    assertTrue(again.contains("lr-find.svg: is there"), again);
  }

  @Test
  void aClassifiersRatesAreTriedOnItsEncoderWhichStaysAsItIs() throws IOException {
    String before = Files.readString(run.lm().resolve("encoder/checksums.txt"));
    Cli.Output found = find("--encoder=" + run.lm(), "--phase=2").ok();
    assertTrue(found.out().contains("--set 'classifier.stages.1.rates."), found.out());
    ModelFolder.open(run.lm().resolve("encoder")); // which compares all files with their sums
    assertEquals(before, Files.readString(run.lm().resolve("encoder/checksums.txt")));
    assertEquals(found.out(), find("--encoder=" + run.lm(), "--phase=2").ok().out());
  }

  @Test
  void theLinearSweepEndsAtTenTimesThePhasesRate() throws IOException {
    Path out = dir.resolve("linear");
    find("--linear", "--encoder=" + run.lm(), "--out=" + out).ok();
    JsonNode points = JSON.readTree(out.resolve("lr-find.json").toFile()).get("points");
    assertEquals(0, points.get(0).get("rate").asDouble());
    double step = points.get(1).get("rate").asDouble();
    assertEquals(2 * step, points.get(2).get("rate").asDouble(), 1e-12);
    assertTrue(
        find("--linear", "--start=1e-5", "--encoder=" + run.lm()).error(2).contains("--start"));
  }

  @Test
  void aRecipeMayLeaveItsRateToASweep() throws IOException {
    Path out = dir.resolve("auto");
    String[] command =
        Cli.and(
            TinyRun.SIZES,
            "lm-finetune",
            "" + run.corpus(),
            "--from-scratch",
            "--out=" + out,
            "--set=lm.stages.0.rates.lr=auto");
    String err = Cli.run(command).ok().err();
    assertTrue(err.contains("phase 1: rate "), err);
    assertTrue(err.contains("rate of the sweep"), err);
    String recipe = Files.readString(out.resolve("recipe.yaml"));
    assertFalse(recipe.contains("lr: auto"), recipe);
    String log = Files.readString(out.resolve("log.jsonl"));
    assertTrue(log.contains("by a sweep of "), log);
  }

  @Test
  void whatHasNoRateIsRefused() {
    String line = Cli.run("lr-find", "" + run.corpus(), "--family=ngram-nbsvm").error(2);
    assertTrue(line.contains("ngram-nbsvm") && line.contains("no learning rate"), line);
    line = find("--encoder=" + run.lm(), "--phase=9").error(2);
    assertTrue(line.contains("--phase 9: the recipe has"), line);
    line =
        Cli.run("lr-find", "" + run.corpus(), "--family=mean-embedding", "--from-scratch").error(2);
    assertTrue(line.contains("starts from the texts alone"), line);
    line = find("--from-scratch", "--end=1e-9").error(2);
    assertTrue(line.contains("does not rise"), line);
  }
}
