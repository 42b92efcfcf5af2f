package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.config.Recipe;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.TrainingListener;

class ProgressTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private long now;

  private Progress progress(boolean terminal, boolean quiet) {
    return progress(terminal, quiet, 80);
  }

  private Progress progress(boolean terminal, boolean quiet, int columns) {
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    Console console =
        new Console(new ByteArrayInputStream(new byte[0]), stream, stream, terminal, columns);
    console.quiet(quiet);
    List<Recipe.Phase> phases =
        List.of(
            phase(-1, new Recipe.Rates(0.02, 2.6, null, null)),
            phase(0, new Recipe.Rates(null, null, List.of(1e-4, 1e-3), null)));
    return new Progress(console, phases, () -> now);
  }

  private static Recipe.Phase phase(int freezeTo, Recipe.Rates rates) {
    return new Recipe.Phase(freezeTo, 2, rates, null);
  }

  private void run(Progress progress) {
    progress.phase(
        new TrainingListener.PhaseStart("lm", 0, 2, -1, 0, 2, 100, "loss", "accuracy", List.of()));
    for (int i = 0; i < 100; i++) {
      now += 1_000_000_000L;
      progress.step(
          new TrainingListener.Step(0, i / 50, i, 100, i + 1, 5, 4.5, 0.02, 0.7, 1, 300, 1.0));
    }
    progress.epoch(
        new TrainingListener.Epoch(
            0, 1, 4.5, new Evaluation(4, 0.25, null, 900), Math.exp(4), 15_000, 50, 10));
    progress.phase(
        new TrainingListener.PhaseStart("lm", 1, 2, 0, 0, 1, 100, "loss", "accuracy", List.of()));
  }

  private List<String> lines() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void withoutTerminalALineComesEvery15Seconds() {
    run(progress(false, false));
    List<String> lines = lines();
    assertEquals(
        "lm phase 1 of 2: last layer group trained, rate 0.02 (/2.6 per lower group), 2 epochs,"
            + " 100 steps",
        lines.get(0));
    assertEquals(
        "phase 1/2  epoch 1  step 15/100  loss 4.5000  300 tokens/s  1:25 left", lines.get(1));
    assertEquals(6, lines.stream().filter(l -> l.startsWith("phase 1/2")).count(), lines::toString);
    assertEquals(
        "phase epoch train loss valid loss accuracy perplexity  tokens/s      time", lines.get(7));
    assertEquals(
        "    1     2     4.5000     4.0000   0.2500      54.60       300      1:00", lines.get(8));
    assertEquals(
        "lm phase 2 of 2: all layer groups trained, rates [1.0E-4, 0.001], 1 epoch, 100 steps",
        lines.get(9));
    assertEquals(10, lines.size());
  }

  @Test
  void onATerminalOneLineIsRewritten() {
    run(progress(true, false));
    String all = err.toString(StandardCharsets.UTF_8);
    assertEquals(100, all.split("\rphase 1/2", -1).length - 1);
    String beforeTable = all.substring(0, all.indexOf("phase epoch"));
    assertTrue(beforeTable.endsWith(" \r"), "the live line is wiped before the table");
  }

  /** A long run of many phases, step by step a minute apart. */
  private void longRun(Progress progress, String lossName) {
    progress.phase(
        new TrainingListener.PhaseStart(
            "classifier", 0, 12, -1, 0, 10, 123_456, lossName, "subset accuracy", List.of()));
    for (int i = 0; i < 3; i++) {
      now += 60_000_000_000L;
      progress.step(
          new TrainingListener.Step(
              0, 9, 99_999 + i, 123_456, i + 1, 5, 10.5, 0.02, 0.7, 1, 1_000_000, 60.0));
    }
    progress.epoch(
        new TrainingListener.Epoch(
            0, 9, 10.5, new Evaluation(10.25, 0.25, 0.5, 900), 1, 15_000_000, 50_000, 1000));
  }

  @ParameterizedTest
  @CsvSource({"80, loss", "80, sampled loss", "120, loss", "120, sampled loss", "40, sampled loss"})
  void aLineThatIsRewrittenStaysOneLineOfTheTerminal(int columns, String lossName) {
    longRun(progress(true, false, columns), lossName);
    List<String> live =
        Stream.of(err.toString(StandardCharsets.UTF_8).split("\n"))
            .filter(line -> line.contains("\r"))
            .flatMap(line -> Stream.of(line.split("\r")))
            .filter(line -> line.contains("99,") || line.contains("100,"))
            .toList();
    assertEquals(3, live.size(), live.toString());
    for (String line : live) {
      assertTrue(line.length() < columns, line.length() + ": " + line);
      assertEquals(columns == 120, line.contains("tokens/s"), line);
      assertEquals(columns >= 80, line.contains(" left"), line);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"loss", "sampled loss"})
  void theTableIsNoWiderThan80Columns(String lossName) {
    longRun(progress(true, false, 80), lossName);
    List<String> table =
        lines().stream().map(line -> line.substring(line.lastIndexOf('\r') + 1)).toList();
    int head = table.stream().filter(l -> l.startsWith("phase epoch")).toList().get(0).length();
    assertTrue(head <= 80, table.toString());
    assertEquals(head, table.get(table.size() - 1).length(), table.toString());
  }

  @Test
  void elsewhereNoLineIsCutOrRewritten() {
    longRun(progress(false, false, 40), "sampled loss");
    String all = err.toString(StandardCharsets.UTF_8);
    assertFalse(all.contains("\r"), all);
    assertTrue(all.contains("sampled loss 10.5000  16,667 tokens/s  390:56:00 left\n"), all);
  }

  @Test
  void beforeThePhasesRatesAreTried() {
    Progress progress = progress(false, false);
    now += 20_000_000_000L;
    progress.step(new TrainingListener.Step(2, 14, 70, 100, 71, 5, 4.5, 1e-5, 0.7, 1, 300, 1.0));
    assertEquals(
        List.of("rate 0.00001  step 71/100  loss 4.5000  300 tokens/s  29 s left"), lines());
  }

  @Test
  void quietMeansSilent() {
    Progress progress = progress(true, true);
    run(progress);
    progress.note("words");
    assertEquals("", err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aSampledLossIsCalledByItsName() {
    Progress progress = progress(false, false);
    progress.phase(
        new TrainingListener.PhaseStart(
            "lm", 0, 2, -1, 0, 2, 100, "sampled loss", "accuracy", List.of()));
    now += 20_000_000_000L;
    progress.step(new TrainingListener.Step(0, 0, 0, 100, 1, 5, 4.5, 0.02, 0.7, 1, 300, 1.0));
    progress.epoch(
        new TrainingListener.Epoch(
            0, 1, 4.5, new Evaluation(4, 0.25, null, 900), Math.exp(4), 15_000, 50, 10));
    assertTrue(lines().get(1).contains("step 1/100  sampled loss 4.5000  300"), lines()::toString);
    assertEquals(
        "phase epoch sampled loss valid loss accuracy perplexity  tokens/s      time",
        lines().get(2));
    assertEquals(
        "    1     2       4.5000     4.0000   0.2500      54.60       300      1:00",
        lines().get(3));
  }

  @Test
  void aClassifierHasNoPerplexity() {
    Progress progress = progress(false, false);
    progress.phase(
        new TrainingListener.PhaseStart(
            "classifier", 0, 1, 0, 0, 1, 9, "loss", "accuracy", List.of()));
    progress.epoch(
        new TrainingListener.Epoch(
            0, 0, 0.5, new Evaluation(0.4, 0.9, 0.85, 20), Math.exp(0.4), 100, 1, 1));
    assertEquals(
        "phase epoch train loss valid loss accuracy macro F1  tokens/s      time", lines().get(1));
    assertEquals(
        "    1     1     0.5000     0.4000   0.9000   0.8500       100       2 s", lines().get(2));
  }

  @Test
  void ofSeveralLabelsTheAccuracyIsThatOfWholeAnswers() {
    Progress progress = progress(false, false);
    progress.phase(
        new TrainingListener.PhaseStart(
            "classifier", 0, 1, 0, 0, 1, 9, "loss", "subset accuracy", List.of()));
    progress.epoch(
        new TrainingListener.Epoch(
            0, 0, 0.5, new Evaluation(0.4, 0.5, 0.6, 20), Math.exp(0.4), 100, 1, 1));
    assertEquals(
        "phase epoch train loss valid loss subset accuracy macro F1  tokens/s      time",
        lines().get(1));
    assertEquals(
        "    1     1     0.5000     0.4000          0.5000   0.6000       100       2 s",
        lines().get(2));
  }

  @Test
  void timesReadAsPeopleSayThem() {
    assertEquals("41 s", Figures.time(41.2));
    assertEquals("3:05", Figures.time(185));
    assertEquals("1:02:09", Figures.time(3729));
  }
}
