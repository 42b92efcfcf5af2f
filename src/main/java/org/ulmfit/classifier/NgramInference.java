package org.ulmfit.classifier;

import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.ulmfit.model.Reading;
import org.ulmfit.ngram.NgramClassifier;

/** Answers of a model on n-grams; documents are read by themselves, whatever their order. */
final class NgramInference implements Inference {
  private static final int BLOCK = 1024; // documents that threads share out

  private final NgramClassifier model;
  private final Marks marks;

  NgramInference(NgramWeights weights) {
    this.model = weights.model();
    this.marks = weights.marks();
  }

  @Override
  public float[][] logits(int[][] ids) {
    return IntStream.range(0, ids.length)
        .parallel()
        .mapToObj(d -> model.logits(marks.without(ids[d])))
        .toArray(float[][]::new);
  }

  @Override
  public float[][] logits(int[][] ids, Batching batching, LongConsumer done) {
    float[][] logits = new float[ids.length][];
    long tokens = 0;
    for (int from = 0; from < ids.length; from += BLOCK) {
      int[][] block = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + BLOCK));
      System.arraycopy(logits(block), 0, logits, from, block.length);
      tokens += Arrays.stream(block).mapToLong(document -> document.length).sum();
      done.accept(tokens);
    }
    return logits;
  }

  @Override
  public Batching measuring(Reading reading) {
    return new Batching(BLOCK, 0, true);
  }

  @Override
  public void close() {
    // it holds nothing but arrays
  }
}
