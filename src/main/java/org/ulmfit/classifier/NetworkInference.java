package org.ulmfit.classifier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.ulmfit.model.Reading;
import org.ulmfit.nn.Kernels;
import org.ulmfit.nn.TextNetwork;

/** Answers of a {@link TextNetwork}, batched by length. */
final class NetworkInference implements Inference {
  private static final int ROWS = 128;
  private static final int TOKENS = 1 << 15; // of a batch at most

  private final TextNetwork network;
  private final NetworkReading reading;
  private final boolean owned;

  /**
   * @param owned whether it closes the network
   */
  NetworkInference(TextNetwork network, NetworkReading reading, boolean owned) {
    this.network = network;
    this.reading = reading;
    this.owned = owned;
  }

  @Override
  public float[][] logits(int[][] ids) {
    return logits(ids, new Batching(ROWS, TOKENS, false), tokens -> {});
  }

  @Override
  public float[][] logits(int[][] ids, Batching batching, LongConsumer done) {
    return read(ids, done, TextNetwork.Output::logits);
  }

  @Override
  public float[][] vectors(int[][] ids) {
    return read(ids, tokens -> {}, TextNetwork.Output::pooled);
  }

  /**
   * @param wanted an array with a row for each document
   */
  private float[][] read(
      int[][] ids, LongConsumer done, Function<TextNetwork.Output, NDArray> wanted) {
    int[][] texts = Arrays.stream(ids).map(reading::read).toArray(int[][]::new);
    int[] lengths = Arrays.stream(texts).mapToInt(d -> d.length).toArray();
    int[] order = Samplers.sorted(lengths, true);
    float[][] answers = new float[ids.length][];
    long tokens = 0;
    for (int[] batch : Batches.cut(order, lengths, ROWS, TOKENS)) {
      int[][] documents = Arrays.stream(batch).mapToObj(i -> texts[i]).toArray(int[][]::new);
      float[] flat = Kernels.withoutRecording(() -> read(documents, wanted));
      int width = flat.length / batch.length;
      for (int row = 0; row < batch.length; row++) {
        answers[batch[row]] = Arrays.copyOfRange(flat, row * width, (row + 1) * width);
        tokens += ids[batch[row]].length;
      }
      done.accept(tokens);
    }
    return answers;
  }

  private float[] read(int[][] documents, Function<TextNetwork.Output, NDArray> wanted) {
    try (NDManager step = network.manager().newSubManager()) {
      return wanted.apply(network.forward(step, reading.collate(documents), false)).toFloatArray();
    }
  }

  /** Answers do not depend on it. */
  @Override
  public Batching measuring(Reading asked) {
    return new Batching(ROWS, TOKENS, false);
  }

  @Override
  public void close() {
    if (owned) {
      network.close();
    }
  }
}
