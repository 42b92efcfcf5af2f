package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.nn.NativeMemory;

/** Batches of ever new shapes do not tear malloc's heap to pieces: the launcher's settings. */
@Tag("engine")
class ClassifierMemoryTest {

  /**
   * More after all steps than after a quarter of them. With the 1,024 prepared shapes that oneDNN
   * keeps by default it is 8% every time; with 64 it is 1 to 2% alone on a machine, and 6% now and
   * then amid other tests. So what grows too much must do so twice.
   */
  private static final double GROWTH = 1.05;

  private static final int ATTEMPTS = 2;

  @TempDir Path dir;

  @Test
  @Timeout(300)
  void memoryIsBoundedWhateverTheShapes() throws Exception {
    assumeTrue(NativeMemory.known(), "no /proc/self/smaps: not Linux");
    List<List<Long>> attempts = new ArrayList<>();
    while (attempts.size() < ATTEMPTS
        && attempts.stream().noneMatch(ClassifierMemoryTest::bounded)) {
      attempts.add(residentAfterEachQuarter());
    }
    assertTrue(
        attempts.stream().anyMatch(ClassifierMemoryTest::bounded),
        "bytes after quarters: " + attempts);
  }

  private static boolean bounded(List<Long> resident) {
    return resident.get(3) < GROWTH * resident.get(0);
  }

  private List<Long> residentAfterEachQuarter() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", ". src/main/dist/bin/ulmfit", "ulmfit", "100");
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("(MALLOC|ONEDNN|GLIBC|ULMFIT)_.*"));
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    builder
        .environment()
        .putAll(
            Map.of(
                "ulmfit_home", Path.of("").toAbsolutePath().toString(),
                "ulmfit_classpath", classPath,
                "ulmfit_main", ShapesRun.class.getName(),
                "JAVA_HOME", System.getProperty("java.home"),
                "ULMFIT_HEAP", "512m"));
    Path log = dir.resolve("child.log");
    Process child = builder.redirectError(log.toFile()).start();
    String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor(), out + Files.readString(log));
    List<Long> resident =
        out.lines()
            .filter(line -> line.startsWith("RESIDENT "))
            .map(line -> Long.parseLong(line.substring(9)))
            .toList();
    assertEquals(4, resident.size(), out);
    return resident;
  }
}
