package org.ulmfit.lm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.nn.EngineThreads;
import org.ulmfit.nn.LiveArrays;
import org.ulmfit.nn.Torch;
import org.ulmfit.vocab.TokenStore;

/** Steps leave no array behind; what they leave of other memory the campaign measures. */
@Tag("engine")
class LmMemoryTest {

  @TempDir Path dir;
  private TokenStore valid;
  private int threads;

  @BeforeEach
  void open() {
    threads = Torch.threads();
    EngineThreads.set(1);
    valid = TinyLm.store(dir.resolve("valid.tokens"), 10, 2);
  }

  @AfterEach
  void close() {
    valid.close();
    EngineThreads.set(threads);
  }

  /** Live arrays of the engine at the same place of every step, one leaked per step if asked. */
  private List<Long> liveArrays(boolean leak) {
    List<Long> counts = new ArrayList<>();
    try (TokenStore train = MemoryRun.store(dir.resolve("train.tokens"), 12)) {
      TinyLm.run(TinyLm.recipe(MemoryRun.shapes()), train, valid)
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
}
