package org.ulmfit.classifier;

import java.util.Arrays;
import java.util.function.LongConsumer;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;
import org.ulmfit.embed.Embeddings;
import org.ulmfit.embed.PieceIds;
import org.ulmfit.model.Reading;
import org.ulmfit.ngram.DenseModel;
import org.ulmfit.ngram.NgramClassifier;

/**
 * Answers of a model on a sentence encoder's vectors.
 *
 * @param embeddings closed with it
 * @param unknown the encoder's unknown piece; -1: it has none
 */
record EmbeddingInference(Embeddings embeddings, DenseModel model, Labelling labelling, int unknown)
    implements Inference {

  @Override
  public float[][] logits(int[][] ids) {
    return logits(ids, new Batching(0, 0, false), done -> {});
  }

  @Override
  public float[][] logits(int[][] ids, Batching batching, LongConsumer done) {
    return Arrays.stream(vectors(ids, done))
        .map(vector -> NgramClassifier.logits(labelling, model.margins(vector), null))
        .toArray(float[][]::new);
  }

  /** The encoder's. */
  @Override
  public float[][] vectors(int[][] ids) {
    return vectors(ids, done -> {});
  }

  private float[][] vectors(int[][] ids, LongConsumer done) {
    return embeddings.of(
        pieces(ids, unknown), (texts, pieces, read) -> done.accept(pieces), new Stop());
  }

  /** The encoder's ids of documents'. */
  static int[][] pieces(int[][] documents, int unknown) {
    return Arrays.stream(documents)
        .map(document -> PieceIds.of(document, unknown))
        .toArray(int[][]::new);
  }

  /** It puts texts together as suits the encoder. */
  @Override
  public Batching measuring(Reading reading) {
    return new Batching(0, 0, false);
  }

  @Override
  public void close() {
    embeddings.close();
  }
}
