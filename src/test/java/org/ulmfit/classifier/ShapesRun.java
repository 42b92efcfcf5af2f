package org.ulmfit.classifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.nn.NativeMemory;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.TokenStoreWriter;

/**
 * A process of its own that trains a classifier on batches of ever new shapes, with blocks of 32 MB
 * and more among them. Prints the bytes outside the Java heap it held after each step, and the most
 * bytes it ever held: {@code ShapesRun STEPS}.
 */
public final class ShapesRun {

  private static final int ROWS = 32;
  private static final int LONGEST = 600;

  private ShapesRun() {}

  private static TokenStore store(Path file, int documents) {
    Random random = new Random(1);
    try (TokenStoreWriter writer = new TokenStoreWriter(file)) {
      for (int doc = 0; doc < documents; doc++) {
        int length = (int) (LONGEST * Math.pow(random.nextDouble(), 2)) + 1;
        writer.append("doc" + doc, random.ints(length, 2, 30).toArray(), doc % 2);
      }
      writer.finish();
    }
    return TokenStore.open(file);
  }

  public static void main(String[] args) throws IOException {
    int steps = Integer.parseInt(args[0]);
    Path dir = Files.createTempDirectory("ulmfit-shapes");
    try (TokenStore train = store(dir.resolve("train.tokens"), steps * ROWS);
        TokenStore valid = store(dir.resolve("valid.tokens"), 4)) {
      TinyClassifier.run(
              TinyClassifier.recipe(
                  "model.embeddingSize=64",
                  "model.hiddenSize=512",
                  "classifier.batchSize=" + ROWS,
                  "classifier.bptt=72",
                  "classifier.maxLength=720",
                  "classifier.stages=[" + TinyClassifier.phase(0, 1) + "]"),
              train,
              valid)
          .everyStep(
              model -> {
                System.gc(); // frees the buffers through which Java hands arrays to the engine
                System.out.println("RESIDENT " + NativeMemory.outsideHeap());
              })
          .go();
      System.out.println("PEAK " + NativeMemory.peak());
    } finally {
      AtomicFiles.deleteTree(dir);
    }
  }
}
