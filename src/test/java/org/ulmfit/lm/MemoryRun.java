package org.ulmfit.lm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.nn.EngineThreads;
import org.ulmfit.nn.NativeMemory;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.TokenStoreWriter;

/**
 * A process of its own that trains a tiny language model and prints by how many bytes its native
 * memory grew: {@code MemoryRun STEPS [leak]}. With {@code leak} every step loses as much as its
 * hidden state.
 */
public final class MemoryRun {

  private static final int WARM_UP = 300;
  static final int ROWS = 24;
  static final int WIDTH = 64;
  private static final int BPTT = 2;

  /** Of a hidden state: h and c of three layers. */
  public static final long STATE_BYTES = 4L * 2 * 3 * ROWS * WIDTH;

  private MemoryRun() {}

  static String[] shapes() {
    return new String[] {
      "lm.window=fixed",
      "lm.batchSize=" + ROWS,
      "lm.bptt=" + BPTT,
      "model.embeddingSize=" + WIDTH,
      "model.hiddenSize=" + WIDTH,
      "lm.stages=[" + TinyLm.phase(0, 1) + "]"
    };
  }

  /** Text of exactly so many steps. */
  static TokenStore store(Path file, int steps) {
    int[] ids = new int[steps * ROWS * BPTT + 1];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = 2 + (i * 7 + i / 11) % (TinyLm.VOCABULARY - 2);
    }
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      writer.append("all", ids);
      writer.finish();
    }
    return TokenStore.open(file);
  }

  public static void main(String[] args) throws IOException {
    int steps = Integer.parseInt(args[0]);
    boolean leak = args.length > 1 && args[1].equals("leak");
    EngineThreads.set(1);
    Path dir = Files.createTempDirectory("ulmfit-memory");
    long[] bytes = new long[2];
    int[] step = new int[1];
    try (TokenStore train = store(dir.resolve("train.tokens"), WARM_UP + steps);
        TokenStore valid = TinyLm.store(dir.resolve("valid.tokens"), 10, 2)) {
      TinyLm.run(TinyLm.recipe(shapes()), train, valid)
          .everyStep(
              model -> {
                if (leak) {
                  model.encoder().zeroState(model.manager(), ROWS);
                }
                step[0]++;
                if (step[0] % 100 == 0) {
                  System.gc(); // frees the buffers through which Java hands arrays to the engine
                }
                if (step[0] == WARM_UP) {
                  bytes[0] = NativeMemory.outsideHeap();
                } else if (step[0] == WARM_UP + steps) {
                  bytes[1] = NativeMemory.outsideHeap();
                }
              })
          .go();
    } finally {
      AtomicFiles.deleteTree(dir);
    }
    System.out.println("GROWTH " + (bytes[1] - bytes[0]));
  }
}
