package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.ulmfit.Shown;
import org.ulmfit.vocab.TokenStore;

/**
 * The training documents as a frozen encoder reads them without dropout, pooled, so that epochs of
 * the head alone need not read them again. An approximation: fastai leaves the dropout of a frozen
 * encoder on, which makes other features of a document in every epoch.
 *
 * @param rows (documents, 3E)
 */
record FrozenFeatures(float[][] rows) {

  private static final int NOTES = 10;

  /**
   * Reads the documents once; empty where that cannot be kept.
   *
   * @param notes told how far it is, in lines
   */
  static Optional<FrozenFeatures> read(Classifier model, TokenStore train, Consumer<String> notes) {
    long bytes = 4L * model.headInputs() * train.size() + 4L * train.tokens();
    if (bytes > Runtime.getRuntime().maxMemory() / 2) {
      notes.accept(
          Shown.format(
              "features of the frozen encoder are not kept: they need %,d MB of Java heap and as"
                  + " much again (set ULMFIT_HEAP)",
              bytes >> 20));
      return Optional.empty();
    }
    int[][] ids = IntStream.range(0, train.size()).mapToObj(train::ids).toArray(int[][]::new);
    try (PoolingInference encoder = model.inference()) {
      return Optional.of(
          new FrozenFeatures(encoder.features(ids, progress(train.tokens(), notes))));
    }
  }

  private static LongConsumer progress(long tokens, Consumer<String> notes) {
    long[] told = {0};
    return done -> {
      if (done * NOTES / Math.max(1, tokens) > told[0]) {
        told[0] = done * NOTES / tokens;
        notes.accept(
            Shown.format("features of the frozen encoder: %,d of %,d tokens", done, tokens));
      }
    };
  }

  /** Features (documents, 3E) of a batch. */
  NDArray of(NDManager step, int[] documents) {
    int width = rows[0].length;
    float[] flat = new float[documents.length * width];
    for (int i = 0; i < documents.length; i++) {
      System.arraycopy(rows[documents[i]], 0, flat, i * width, width);
    }
    return step.create(flat, new Shape(documents.length, width));
  }
}
