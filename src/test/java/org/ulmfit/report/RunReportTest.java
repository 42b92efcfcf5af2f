package org.ulmfit.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.UlmfitException;
import org.ulmfit.run.RunLog;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.TrainingListener;

class RunReportTest {
  @TempDir Path run;

  /** Written by the log itself, so that the two cannot drift apart. */
  private void log() {
    log("classifier", "loss");
  }

  private void log(String task, String lossName) {
    log(task, lossName, "accuracy");
  }

  private void log(String task, String lossName, String accuracyName) {
    try (RunLog log = new RunLog(run.resolve("log.jsonl"), -1, new TrainingListener() {})) {
      log.note("remapped 10 of 12 types");
      log.phase(
          new TrainingListener.PhaseStart(
              task, 0, 1, -1, 0, 2, 1000, lossName, accuracyName, List.of()));
      for (int i = 0; i < 1000; i++) {
        log.step(
            new TrainingListener.Step(
                0, i / 500, i, 1000, i + 1, 5 - i / 500.0, 5, 0.01, 0.7, 1, 300, 0.1));
        if (i % 500 == 499) {
          log.epoch(
              new TrainingListener.Epoch(
                  0, i / 500, 4.5, validation(task), Math.exp(4), 15_000, 50, 10));
        }
      }
    }
  }

  private static Evaluation validation(String task) {
    return new Evaluation(4, 0.25, task.equals("lm") ? null : Double.valueOf(0.2), 900);
  }

  @Test
  void theReportHoldsTablesPicturesAndNotes() throws IOException {
    log();
    TestScores test = new TestScores("test", List.of("neg", "pos")).add(0, 0.9f, 0.1f);
    Path report =
        RunReport.write(run, "Classifier", new Answers(test.scores(), null, List.of())).report();
    assertEquals(run.resolve("report/report.md"), report);
    String text = Files.readString(report);
    assertTrue(
        text.startsWith("# Classifier\n\n## Held-out rows\n\ntest: 1 rows, accuracy 1.0000"), text);
    assertTrue(text.contains("| 1 | -1 | 2 | 1000 |"), text);
    assertTrue(
        text.contains("| train loss | valid loss | accuracy | macro F1 | seconds |\n"), text);
    assertTrue(text.contains("| 1 | 2 | 4.5000 | 4.0000 | 0.2500 | 0.2000 | 60.0 |\n"), text);
    assertFalse(text.contains("perplexity") || text.contains("54.60"), text);
    assertTrue(text.contains("- remapped 10 of 12 types"), text);
    for (String stem : List.of("loss", "learning-rate", "accuracy")) {
      assertTrue(text.contains("(" + stem + ".png)"), text);
      assertEquals(900, ImageIO.read(report.resolveSibling(stem + ".png").toFile()).getWidth());
      assertTrue(Files.readString(report.resolveSibling(stem + ".svg")).contains("<svg "));
    }
    JsonNode metrics = new ObjectMapper().readTree(run.resolve("report/metrics.json").toFile());
    assertEquals(2, metrics.get("epochs").size());
    assertEquals(4, metrics.get("epochs").get(1).get("validLoss").asDouble());
    assertFalse(metrics.get("epochs").get(1).has("perplexity"));
    assertEquals(0.2, metrics.get("epochs").get(1).get("macroF1").asDouble());
    assertEquals("accuracy", metrics.get("accuracyIs").asText());
    assertEquals(1, metrics.get("test").get("rows").asInt());
  }

  @Test
  void aSampledLossIsCalledByItsNameAndHasNoPerplexity() throws IOException {
    log("lm", "sampled loss");
    String text = Files.readString(RunReport.write(run, "Language model", Answers.NONE).report());
    assertTrue(text.contains("| phase | epoch | train sampled loss | valid loss |"), text);
    assertTrue(text.contains("| 54.60 |"), "perplexity of the validation loss: " + text);
    assertFalse(text.contains("macro F1") || text.contains("accuracy.png"), text);
    assertFalse(Files.readString(run.resolve("log.jsonl")).contains("macroF1"));
    assertFalse(text.contains("90.02"), "perplexity of the sampled loss: " + text);
    RunHistory history = RunHistory.read(run.resolve("log.jsonl"));
    assertEquals(
        Set.of("train sampled loss", "valid loss"), Curves.loss(history).getSeriesMap().keySet());
    JsonNode metrics = new ObjectMapper().readTree(run.resolve("report/metrics.json").toFile());
    assertEquals("train sampled loss", metrics.get("trainLossIs").asText());
    assertEquals(Math.exp(4), metrics.get("epochs").get(1).get("perplexity").asDouble());
  }

  @Test
  void ofSeveralLabelsTheAccuracyIsThatOfWholeAnswers() throws IOException {
    log("classifier", "loss", "subset accuracy");
    String text = Files.readString(RunReport.write(run, "Classifier", Answers.NONE).report());
    assertTrue(text.contains("| valid loss | subset accuracy | macro F1 |"), text);
    RunHistory history = RunHistory.read(run.resolve("log.jsonl"));
    assertEquals(
        Set.of("subset accuracy", "macro F1"), Curves.accuracy(history).getSeriesMap().keySet());
  }

  /** Logs of runs before there was a name. */
  @Test
  void aLogWithoutNameTellsOfALoss() throws IOException {
    log();
    Path file = run.resolve("log.jsonl");
    Files.writeString(file, Files.readString(file).replace(",\"lossName\":\"loss\"", ""));
    assertFalse(Files.readString(file).contains("lossName"));
    assertEquals("train loss", RunHistory.read(file).trainLoss());
  }

  @Test
  void everyEventIsReadBack() {
    log();
    RunHistory history = RunHistory.read(run.resolve("log.jsonl"));
    assertEquals(1000, history.steps().size());
    assertEquals(List.of(500L, 1000L), history.marks());
    assertEquals(0.01, history.steps().get(7).rate());
    assertEquals(new Evaluation(4, 0.25, 0.2, 900), history.epochs().get(0).validation());
    assertEquals(-1, history.phases().get(0).freezeTo());
  }

  @Test
  void aLineCutShortEndsTheHistory() throws IOException {
    log();
    Path file = run.resolve("log.jsonl");
    String text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.length() - 30));
    assertEquals(1, RunHistory.read(file).epochs().size());
  }

  @Test
  void aRunWithoutStepsHasNoPictures() throws IOException {
    Files.writeString(run.resolve("log.jsonl"), "");
    String text = Files.readString(RunReport.write(run, "Nothing done", Answers.NONE).report());
    assertFalse(text.contains(".png"), text);
    assertFalse(Files.exists(run.resolve("report/loss.png")));
  }

  @Test
  void withoutLogThereIsNoReport() {
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> RunReport.write(run, "None", Answers.NONE));
    assertTrue(e.getMessage().contains("log.jsonl"), e.getMessage());
    assertFalse(Files.exists(run.resolve("report")));
  }

  @Test
  void manyPointsAreThinnedToMeans() {
    double[] values = new double[1000];
    Arrays.setAll(values, i -> i);
    double[] means = RunHistory.means(values);
    assertEquals(334, means.length);
    assertEquals(1, means[0], 1e-12);
    assertEquals(999, means[333], 1e-12);
    assertArrayEquals(new double[] {1, 2}, RunHistory.means(new double[] {1, 2}));
  }
}
