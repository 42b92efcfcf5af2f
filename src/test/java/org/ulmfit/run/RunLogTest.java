package org.ulmfit.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.report.RunPart;
import org.ulmfit.train.Evaluation;
import org.ulmfit.train.TrainingListener;

class RunLogTest {
  private static final Invocation FIRST = new Invocation("ulmfit classify a.csv --out r", null);

  @TempDir Path dir;

  private Path file() {
    return dir.resolve("log.jsonl");
  }

  private static TrainingListener.Step step(long global, double loss) {
    int at = (int) global - 1;
    return new TrainingListener.Step(0, 0, at, 400, global, loss, loss, 0.01, 0.9, 1, 9, 0.1);
  }

  private static void begin(RunLog log, Invocation invocation, double seconds) {
    log.command(invocation);
    log.advice("look again");
    log.time(RunPart.PREPARING, seconds);
    log.phase(
        new TrainingListener.PhaseStart(
            "lm", 0, 1, 0, 0, 1, 4, "loss", "accuracy", List.of(group("all", 0.5))));
  }

  private static TrainingListener.Group group(String name, double share) {
    return new TrainingListener.Group(name, share);
  }

  private static void end(RunLog log) {
    log.epoch(
        new TrainingListener.Epoch(0, 0, 1, new Evaluation(1, 0.5, null, 9), 2.7, 36, 1, 0.5));
    log.load(0.25, 2);
    log.time(RunPart.MEASURING, 3);
  }

  @Test
  void whatARunTellsOnceAResumedOneDoesNotTellAgain() throws IOException {
    TrainingListener none = new TrainingListener() {};
    try (RunLog log = new RunLog(file(), -1, none)) {
      begin(log, FIRST, 60);
      log.step(step(1, 2));
      log.step(step(2, 2));
      log.step(step(3, 2)); // lost
    }
    try (RunLog log = new RunLog(file(), 2, none)) {
      begin(log, new Invocation("ulmfit classify a.csv --out r --device cpu", null), 0.1);
      log.step(step(3, 2));
      log.step(step(4, 2));
      end(log);
    }
    List<String> lines = Files.readAllLines(file());
    assertEquals(
        "{\"type\":\"command\",\"command\":\"ulmfit classify a.csv --out r\",\"byRecipe\":null}",
        lines.get(0));
    assertEquals("{\"type\":\"advice\",\"text\":\"look again\"}", lines.get(1));
    assertEquals("{\"type\":\"time\",\"part\":\"preparing\",\"seconds\":60.0}", lines.get(2));
    assertTrue(lines.get(3).endsWith("\"groups\":[{\"name\":\"all\",\"share\":0.5}]}"));
    assertEquals(
        List.of(
            "command", "advice", "time", "phase", "step", "step", "step", "step", "epoch", "load",
            "time"),
        lines.stream().map(line -> line.split("\"")[3]).toList());
    assertEquals("{\"type\":\"load\",\"others\":0.25,\"processors\":2}", lines.get(9));
  }

  @Test
  void aJumpOfTheLossIsToldAsItHappensAndNotWrittenDown() throws IOException {
    List<String> told = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void note(String line) {
            told.add(line);
          }
        };
    try (RunLog log = new RunLog(file(), -1, new SpikeWatch(listener))) {
      begin(log, FIRST, 1);
      for (int i = 1; i <= 200; i++) {
        log.step(step(i, i < 100 ? 2 : 4.5));
        assertEquals(i < 102 ? 0 : 1, told.size(), "step " + i);
      }
      log.note("another");
    }
    assertTrue(told.get(0).startsWith("loss spike: "), told.get(0));
    assertTrue(told.get(0).contains("lm.optimizer.clip"), told.get(0));
    assertEquals("another", told.get(1));
    String log = Files.readString(file());
    assertTrue(log.contains("another") && !log.contains("spike"), log);
  }
}
