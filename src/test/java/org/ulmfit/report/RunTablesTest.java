package org.ulmfit.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.run.Invocation;
import org.ulmfit.run.RunLog;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.TrainingListener;

/** What the log of a gradual unfreezing comes to. */
class RunTablesTest {
  private static final List<TrainingListener.Group> GROUPS =
      List.of(
          new TrainingListener.Group("embedding", 0.25),
          new TrainingListener.Group("lstm 0", 0.5),
          new TrainingListener.Group("head", 1));

  @TempDir Path run;

  private Path file() {
    return run.resolve("log.jsonl");
  }

  /** Phases of one, one and two epochs of ten steps that train one, two and all groups. */
  @BeforeEach
  void log() {
    try (RunLog log = new RunLog(file(), -1, new TrainingListener() {})) {
      log.command(new Invocation("ulmfit classify 'a b.csv' --out r", "ulmfit classify again"));
      log.time(RunPart.PREPARING, 30);
      log.time(RunPart.STARTING, 2);
      int global = 0;
      for (int phase = 0; phase < 3; phase++) {
        int epochs = phase == 2 ? 2 : 1;
        int freezeTo = new int[] {-1, 1, 0}[phase];
        log.phase(
            new TrainingListener.PhaseStart(
                "classifier",
                phase,
                3,
                freezeTo,
                0,
                epochs,
                10 * epochs,
                "loss",
                "accuracy",
                GROUPS));
        for (int i = 0; i < 10 * epochs; i++) {
          double rate = 0.001 * (phase + 1) * (i == 5 ? 2 : 1);
          log.step(
              new TrainingListener.Step(
                  phase, i / 10, i, 10 * epochs, ++global, 1, 1, rate, 0.9, 1, 300, 1.5));
          if (i % 10 == 9) {
            Evaluation valid = new Evaluation(1.5, 0.5, 0.4, 90);
            log.epoch(new TrainingListener.Epoch(phase, i / 10, 1, valid, 4.5, 3_000, 17, 3));
          }
        }
      }
      log.time(RunPart.MEASURING, 20);
      log.time(RunPart.SAVING, 4);
    }
  }

  private RunTables tables() {
    return new RunTables(RunHistory.read(file()));
  }

  private String page() throws IOException {
    RunReport.write(run, "Classifier", Answers.NONE);
    return Files.readString(run.resolve("report/report.html"));
  }

  @Test
  void itIsToldWhichGroupsWereTrainedWhenAndHowFast() {
    assertEquals(
        """
        layer group  first trained  phase 1, epoch 1  phase 2, epoch 2  phase 3, epochs 3-4
        embedding          epoch 3            frozen            frozen         up to 0.0015
        lstm 0             epoch 2            frozen       up to 0.002          up to 0.003
        head               epoch 1       up to 0.002       up to 0.004          up to 0.006""",
        tables().groups().text());
  }

  @Test
  void timeIsToldByWhatItWentInto() {
    assertEquals(
        """
        part of the run                      seconds  share
        reading and preparing the texts         30.0    22%
        starting the model                       2.0     1%
        training steps                          60.0    44%
        between steps: batches, checkpoints      8.0     6%
        validation                              12.0     9%
        measuring held-out rows                 20.0    15%
        saving the model                         4.0     3%""",
        tables().time().text());
  }

  @Test
  void thePageHasALineForEachGroupThatIsBrokenWhereItWasFrozen() throws IOException {
    String page = page();
    assertTrue(page.contains("Learning rate of each layer group: embedding from 7.5e-04 to"), page);
    assertTrue(page.contains("lstm 0 from 0.001 to"), page);
    assertTrue(page.contains("head from 0.001 to"), page);
    assertTrue(page.contains("rgba(var(--hit),0.300)\">up to 0.0015</td>"), page);
    assertTrue(page.contains("rgba(var(--hit),0.000)\">frozen</td>"), page);
    assertTrue(page.contains("Momentum of all groups"), page);
    assertTrue(page.contains("training steps: 60 s, 44%"), page);
    assertTrue(page.contains("A step took 1.5 s in the median, the slowest 1.5 s."), page);
    assertTrue(page.contains("<pre>ulmfit classify &#39;a b.csv&#39; --out r</pre>"), page);
    assertTrue(page.contains("<pre>ulmfit classify again</pre>"), page);
  }

  @Test
  void groupsThatGoTogetherShareALine() throws IOException {
    String log = Files.readString(file());
    Files.writeString(
        file(),
        log.replace("\"share\":0.25", "\"share\":1")
            .replace("\"share\":0.5", "\"share\":1")
            .replace("\"freezeTo\":1", "\"freezeTo\":2"));
    assertTrue(page().contains(">embedding, lstm 0</li>"), page());
  }

  /** Logs of before there were groups, times and commands. */
  @Test
  void anOlderLogMakesAPageWithoutWhatItDoesNotTell() throws IOException {
    List<String> lines =
        Files.readAllLines(file()).stream()
            .filter(
                line ->
                    !line.contains("\"type\":\"time\"") && !line.contains("\"type\":\"command\""))
            .map(line -> line.replaceAll(",\"groups\":\\[.*?\\]", ""))
            .toList();
    Files.write(file(), lines);
    assertFalse(Files.readString(file()).contains("embedding"));
    assertFalse(tables().hasGroups());
    String page = page();
    assertTrue(page.contains("Learning rate of the last layer group"), page);
    assertTrue(page.contains("A program made it"), page);
    assertTrue(page.contains("training steps: 60 s, 75%"), page);
    String report = Files.readString(run.resolve("report/report.md"));
    assertFalse(report.contains("## Layer groups") || report.contains("Made by"), report);
  }

  @Test
  void theReportInMarkdownHasTheSameTables() throws IOException {
    page();
    String report = Files.readString(run.resolve("report/report.md"));
    for (Table table :
        List.of(tables().phases(), tables().epochs(), tables().groups(), tables().time())) {
      assertTrue(report.contains("\n\n" + table.markdown()), report);
    }
    assertTrue(report.contains("Made by:\n\n    ulmfit classify 'a b.csv' --out r\n"), report);
  }

  @Test
  void advicesStandAtTheTopOfThePage() throws IOException {
    String log = Files.readString(file());
    StringBuilder longer = new StringBuilder(log);
    for (int i = 0; i < 60; i++) {
      longer.append(
          "{\"type\":\"step\",\"phase\":3,\"epoch\":0,\"step\":%d,\"steps\":60,\"globalStep\":%d,\"loss\":%s,"
                  .formatted(i, 41 + i, i < 50 ? 1 : 3)
              + "\"smoothedLoss\":1,\"rate\":0.5,\"beta1\":0.9,\"norm\":1,\"tokens\":300,\"seconds\":1}\n");
    }
    longer.append("{\"type\":\"advice\",\"text\":\"sweep wider\"}\n");
    Files.writeString(file(), longer.toString());
    assertEquals(
        List.of(), RunReport.write(run, "Classifier", Answers.NONE).advice()); // told already
    String page = page();
    int at = page.indexOf("What to try next");
    assertTrue(at > 0 && at < page.indexOf("What was trained on what"), page);
    assertTrue(
        page.contains("<li>sweep wider</li>\n<li>loss spike: the training loss of phase 4"), page);
    String report = Files.readString(run.resolve("report/report.md"));
    assertTrue(report.contains("- sweep wider\n- loss spike: "), report);
  }
}
