package org.ulmfit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.JavaCommand;
import org.ulmfit.io.ScratchFolder;

/** A process that is told to end. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Java cannot send SIGTERM there")
class InterruptsTest {
  @TempDir Path dir;

  private static Process start(Class<?> main, List<String> args) throws IOException {
    List<String> options = List.of("-XX:TieredStopAtLevel=1"); // it does not run for long
    return new ProcessBuilder(JavaCommand.of(options, main, args)).start();
  }

  private static List<String> endAfter(Process process, String line)
      throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    try (BufferedReader err =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String l = err.readLine(); l != null; l = err.readLine()) {
        lines.add(l);
        if (l.startsWith(line)) {
          process.toHandle().destroy(); // SIGTERM; leaves our ends of the pipes open
        }
      }
    }
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), lines.toString());
    return lines;
  }

  @Test
  @Tag("engine")
  void aRunSavesACheckpointAndGoesOnWithResume() throws IOException, InterruptedException {
    SampleReviews.copy(dir);
    Path out = dir.resolve("run");
    List<String> args = new ArrayList<>(TinyRun.SIZES);
    args.addAll(
        0,
        List.of(
            "lm-finetune",
            "" + dir.resolve(SampleReviews.TRAIN),
            "--out=" + out,
            "--from-scratch"));
    args.addAll(List.of("--set=lm.stages.0.epochs=500", "--threads=1"));
    Process process = start(Main.class, args);
    List<String> lines = endAfter(process, "lm phase 1 of 1");
    assertEquals(130, process.exitValue(), lines.toString());
    String last = lines.get(lines.size() - 1);
    assertTrue(last.startsWith("ulmfit: ") && last.contains("--resume"), lines.toString());
    assertTrue(Files.isDirectory(out.resolve("checkpoints")), lines.toString());
    args.add("--resume");
    Process resumed = start(Main.class, args);
    lines = endAfter(resumed, "lm phase 1 of 1");
    assertEquals(130, resumed.exitValue(), lines.toString());
  }

  /** A job that does not come to its next step is not waited for a second time. */
  @Test
  void aSecondSignalEndsAtOnce() throws IOException, InterruptedException {
    Process process = start(Stubborn.class, List.of());
    BufferedReader err =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    assertEquals("working", err.readLine());
    process.toHandle().destroy();
    String line = err.readLine();
    assertTrue(line.contains("stopping") && line.contains("second signal"), line);
    assertFalse(process.waitFor(2, TimeUnit.SECONDS), "ended before the second signal");
    process.toHandle().destroy();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "still there after the second signal");
    assertEquals(130, process.exitValue());
  }

  /** A process whose job hears of no stop. */
  static final class Stubborn {
    public static void main(String[] args) {
      Interrupts.install();
      Interrupts.running(
          stop -> {
            System.err.println("working");
            while (true) {
              try {
                Thread.sleep(1000);
              } catch (InterruptedException e) {
                // works on
              }
            }
          });
    }
  }

  /** Texts that lay in a temporary folder do not stay there. */
  @Test
  void whatACommandKeepsForAWhileGoesWithIt() throws IOException, InterruptedException {
    Process process = start(Holding.class, List.of());
    BufferedReader err =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    Path folder = Path.of(err.readLine());
    assertTrue(Files.exists(folder.resolve("texts")));
    process.toHandle().destroy();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(130, process.exitValue());
    assertFalse(Files.exists(folder), "it is still there");
  }

  /** A process that works in a temporary folder. */
  static final class Holding {
    public static void main(String[] args) throws Exception {
      Interrupts.install();
      try (ScratchFolder folder = ScratchFolder.make()) {
        Files.writeString(folder.path().resolve("texts"), "a text");
        System.err.println(folder.path());
        Thread.sleep(60_000);
      }
    }
  }

  @Test
  void aCommandThatWaitsForInputJustEnds() throws IOException, InterruptedException {
    Process process = start(Main.class, List.of("tokenize"));
    process.getOutputStream().write("one\n".getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    assertEquals("[\"xxbos\", \"one\"]", out.readLine(), "the answer comes at once");
    process.toHandle().destroy();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(130, process.exitValue());
  }
}
