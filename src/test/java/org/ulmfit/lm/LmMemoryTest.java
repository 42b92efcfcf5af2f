package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.JavaCommand;
import org.ulmfit.nn.LiveArrays;
import org.ulmfit.nn.NativeMemory;
import org.ulmfit.nn.Torch;
import org.ulmfit.vocab.TokenStore;

/** Steps leave nothing behind: no array, no native memory. */
@Tag("engine")
class LmMemoryTest {

  /** Bytes of a hidden state: h and c of three layers. */
  private static final long STATE_BYTES = 4L * 2 * 3 * MemoryRun.ROWS * MemoryRun.WIDTH;

  @TempDir Path dir;
  private TokenStore valid;
  private int threads;

  @BeforeEach
  void open() {
    threads = Torch.threads();
    Torch.threads(1);
    valid = TinyLm.store(dir.resolve("valid.tokens"), 10, 2);
  }

  @AfterEach
  void close() {
    valid.close();
    Torch.threads(threads);
  }

  /** Live arrays of the engine at the same place of every step, one leaked per step if asked. */
  private List<Long> liveArrays(boolean leak) {
    List<Long> counts = new ArrayList<>();
    try (TokenStore train = MemoryRun.store(dir.resolve("train.tokens"), 12)) {
      new TinyLm.Run(TinyLm.recipe(MemoryRun.shapes()), train, valid)
          .everyStep(
              model -> {
                if (leak) {
                  model.encoder().embedding().value().add(1);
                }
                counts.add(LiveArrays.all());
              })
          .go();
    }
    assertEquals(12, counts.size());
    return counts.subList(2, counts.size()); // Adam's moments come with the first step
  }

  @Test
  void everyStepLeavesAsManyArraysAsTheOneBefore() {
    long before = LiveArrays.all();
    List<Long> counts = liveArrays(false);
    assertEquals(1, counts.stream().distinct().count(), counts.toString());
    assertEquals(before, LiveArrays.all(), "a closed run keeps arrays");
  }

  /** The count sees a single array lost in a step. */
  @Test
  void aLostArrayWouldBeSeen() {
    List<Long> counts = liveArrays(true);
    assertTrue(counts.get(9) - counts.get(0) >= 9, counts.toString());
  }

  /** A fresh process, whose memory no other test has used before. */
  @Test
  void nativeMemoryIsFlatOverAThousandSteps() throws Exception {
    assumeTrue(NativeMemory.known(), "no /proc/self/smaps: not Linux");
    long growth = growth("1000");
    assertTrue(growth < 1000 * STATE_BYTES / 3, (growth >> 10) + " KB in 1,000 steps");
  }

  /** The measure sees a step that loses its hidden state. */
  @Test
  void lostNativeMemoryWouldBeSeen() throws Exception {
    assumeTrue(NativeMemory.known(), "no /proc/self/smaps: not Linux");
    long growth = growth("300", "leak");
    assertTrue(growth > 300 * STATE_BYTES * 3 / 4, (growth >> 10) + " KB in 300 steps");
  }

  private long growth(String... arguments) throws IOException, InterruptedException {
    // the simple compiler only: the other one's own memory would still grow while we measure
    List<String> options = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-Dai.djl.offline=true");
    Path log = dir.resolve("child.log");
    Process child =
        new ProcessBuilder(JavaCommand.of(options, MemoryRun.class, List.of(arguments)))
            .redirectError(log.toFile())
            .start();
    String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor(), () -> out + read(log));
    return out.lines()
        .filter(line -> line.startsWith("GROWTH "))
        .mapToLong(line -> Long.parseLong(line.substring(7)))
        .findFirst()
        .orElseThrow();
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
