package org.ulmfit.classifier;

import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.ulmfit.model.Reading;
import org.ulmfit.ngram.NgramFeatures;
import org.ulmfit.nn.FeatureNetwork;
import org.ulmfit.nn.Kernels;

/** Answers of dense layers on n-grams; documents are read by themselves, whatever their order. */
final class NgramMlpInference implements Inference {
  private static final int BLOCK = 256; // documents of a batch

  private final FeatureNetwork network;
  private final NgramFeatures features;
  private final Marks marks;
  private final boolean owned;

  /**
   * @param owned whether it closes the network
   */
  NgramMlpInference(FeatureNetwork network, NgramFeatures features, Marks marks, boolean owned) {
    this.network = network;
    this.features = features;
    this.marks = marks;
    this.owned = owned;
  }

  /** Documents' features, one after another. */
  static FeatureNetwork.Batch batch(List<NgramFeatures.Row> rows) {
    int size = rows.stream().mapToInt(row -> row.features().length).sum();
    long[] all = new long[size];
    float[] values = new float[size];
    long[] offsets = new long[rows.size()];
    int at = 0;
    for (int d = 0; d < offsets.length; d++) {
      NgramFeatures.Row row = rows.get(d);
      offsets[d] = at;
      for (int i = 0; i < row.features().length; i++) {
        all[at] = row.features()[i];
        values[at++] = row.values()[i];
      }
    }
    return new FeatureNetwork.Batch(all, values, offsets);
  }

  @Override
  public float[][] logits(int[][] ids) {
    return logits(ids, measuring(), tokens -> {});
  }

  @Override
  public float[][] logits(int[][] ids, Batching batching, LongConsumer done) {
    float[][] logits = new float[ids.length][];
    long tokens = 0;
    for (int from = 0; from < ids.length; from += BLOCK) {
      int[][] block = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + BLOCK));
      List<NgramFeatures.Row> rows =
          IntStream.range(0, block.length)
              .parallel()
              .mapToObj(d -> features.row(marks.without(block[d])))
              .toList();
      float[] flat = Kernels.withoutRecording(() -> read(rows));
      int classes = flat.length / block.length;
      for (int d = 0; d < block.length; d++) {
        logits[from + d] = Arrays.copyOfRange(flat, d * classes, (d + 1) * classes);
        tokens += block[d].length;
      }
      done.accept(tokens);
    }
    return logits;
  }

  private float[] read(List<NgramFeatures.Row> rows) {
    try (NDManager step = network.manager().newSubManager()) {
      return network.forward(step, batch(rows), false).toFloatArray();
    }
  }

  @Override
  public Batching measuring(Reading reading) {
    return measuring();
  }

  private static Batching measuring() {
    return new Batching(BLOCK, 0, true);
  }

  @Override
  public void close() {
    if (owned) {
      network.close();
    }
  }
}
