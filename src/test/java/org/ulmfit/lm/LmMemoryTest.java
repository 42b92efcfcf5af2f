package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.nn.LiveArrays;
import org.ulmfit.nn.NativeMemory;
import org.ulmfit.nn.Torch;
import org.ulmfit.vocab.TokenStore;

/** Steps leave nothing behind: no array, no native memory. */
@Tag("engine")
class LmMemoryTest {

  private static final int STEPS = 1000;
  private static final int WARM_UP = 200;

  /** A step that lost only its hidden state, 3 layers x (h, c) of 24 x 64, would lose 37 MB. */
  private static final long ALLOWED_BYTES = 16L << 20;

  private static final String[] SHAPES = {
    "lm.window=fixed",
    "lm.batchSize=24",
    "lm.bptt=2",
    "model.embeddingSize=64",
    "model.hiddenSize=64",
    "lm.stages=[" + TinyLm.stage(0, 1) + "]"
  };

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

  private TokenStore store(int steps) {
    int tokens = steps * 24 * 2 + 1;
    try (TokenStore.Writer writer = new TokenStore.Writer(dir.resolve("train.tokens"))) {
      int[] ids = new int[tokens];
      for (int i = 0; i < tokens; i++) {
        ids[i] = 2 + (i * 7 + i / 11) % (TinyLm.VOCABULARY - 2);
      }
      writer.append("all", -1, ids);
      writer.finish();
    }
    return TokenStore.open(dir.resolve("train.tokens"));
  }

  /** Live arrays of the engine at the same place of every step, one leaked per step if asked. */
  private List<Long> liveArrays(boolean leak) {
    List<Long> counts = new ArrayList<>();
    try (TokenStore train = store(12)) {
      new TinyLm.Run(TinyLm.recipe(SHAPES), train, valid)
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

  /** The measure is of native memory: it sees 40 MB there and does not see the heap fill up. */
  @Test
  void theMeasureSeesNativeMemoryOnly() {
    assumeTrue(NativeMemory.known(), "no /proc/self/smaps: not Linux");
    long before = NativeMemory.outsideHeap();
    byte[][] heap = new byte[160][1 << 20];
    long filled = NativeMemory.outsideHeap();
    assertEquals(160, heap.length);
    assertTrue(Math.abs(filled - before) < 16L << 20, "the heap counts: " + (filled - before));
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      manager.ones(new Shape(10L << 20));
      long grown = NativeMemory.outsideHeap() - filled;
      assertTrue(grown > 36L << 20, "a native array does not count: " + grown);
    }
  }

  /** The count sees a single array lost in a step. */
  @Test
  void aLeakWouldBeSeen() {
    List<Long> counts = liveArrays(true);
    assertTrue(counts.get(9) - counts.get(0) >= 9, counts.toString());
  }

  @Test
  void nativeMemoryIsFlatOverAThousandSteps() {
    assumeTrue(NativeMemory.known(), "no /proc/self/smaps: not Linux");
    long[] bytes = new long[2];
    int[] step = new int[1];
    try (TokenStore train = store(WARM_UP + STEPS)) {
      new TinyLm.Run(TinyLm.recipe(SHAPES), train, valid)
          .everyStep(
              model -> {
                step[0]++;
                if (step[0] == WARM_UP) {
                  bytes[0] = NativeMemory.outsideHeap();
                } else if (step[0] == WARM_UP + STEPS) {
                  bytes[1] = NativeMemory.outsideHeap();
                }
              })
          .go();
    }
    assertEquals(WARM_UP + STEPS, step[0]);
    assertTrue(
        bytes[1] - bytes[0] < ALLOWED_BYTES, (bytes[1] - bytes[0] >> 10) + " KB in 1,000 steps");
  }
}
