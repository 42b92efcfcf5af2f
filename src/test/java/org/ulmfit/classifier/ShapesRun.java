package org.ulmfit.classifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.nn.NativeMemory;
import org.ulmfit.vocab.TokenStore;

/**
 * A process of its own that trains a small classifier on batches of ever new shapes and prints the
 * native memory it held after each quarter of the steps: {@code ShapesRun STEPS}.
 */
public final class ShapesRun {

  private static final int ROWS = 16;
  private static final int LONGEST = 600;

  private ShapesRun() {}

  private static TokenStore store(Path file, int documents) {
    Random random = new Random(1);
    try (TokenStore.Writer writer = new TokenStore.Writer(file)) {
      for (int doc = 0; doc < documents; doc++) {
        int length = (int) (LONGEST * Math.pow(random.nextDouble(), 2)) + 1;
        writer.append("doc" + doc, doc % 2, random.ints(length, 2, 30).toArray());
      }
      writer.finish();
    }
    return TokenStore.open(file);
  }

  public static void main(String[] args) throws IOException {
    int steps = Integer.parseInt(args[0]);
    Path dir = Files.createTempDirectory("ulmfit-shapes");
    int[] step = new int[1];
    try (TokenStore train = store(dir.resolve("train.tokens"), steps * ROWS);
        TokenStore valid = store(dir.resolve("valid.tokens"), 4)) {
      new TinyClassifier.Run(
              TinyClassifier.recipe(
                  "model.embeddingSize=64",
                  "model.hiddenSize=256",
                  "classifier.batchSize=" + ROWS,
                  "classifier.bptt=72",
                  "classifier.maxLength=720",
                  "classifier.stages=[" + TinyClassifier.stage(0, 1) + "]"),
              train,
              valid)
          .everyStep(
              model -> {
                if (++step[0] % (steps / 4) == 0) {
                  System.gc(); // frees the buffers through which Java hands arrays to the engine
                  System.out.println("RESIDENT " + NativeMemory.outsideHeap());
                }
              })
          .go();
    } finally {
      AtomicFiles.deleteTree(dir);
    }
  }
}
