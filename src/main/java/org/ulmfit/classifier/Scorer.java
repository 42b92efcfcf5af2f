package org.ulmfit.classifier;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.train.Scores;
import org.ulmfit.vocab.TokenStore;

/** Measures a classifier on a labelled set. */
public final class Scorer {

  private Scorer() {}

  /** Logits (documents, classes) of a store, of a model in training. */
  static float[][] logits(Inference model, TokenStore store, Recipe.Classifier settings) {
    var batching =
        new Inference.Batching(
            settings.evalBatchSize(),
            settings.maxBatchTokens(),
            settings.sampler().validatesAscending());
    return logits(model, store, batching, tokens -> {});
  }

  /**
   * What logits of validation rows come to, which thresholds are chosen by, where there are any.
   */
  static Fitted fit(float[][] logits, TokenStore store, List<String> labels, Labelling labelling) {
    Output output = Output.of(labelling, labels.size());
    Scores scores = scores("valid", logits, store, labels, output);
    if (labelling == Labelling.SINGLE) {
      return new Fitted(output, scores);
    }
    Output fitted = output.fitted(scores.probabilities(), scores.truth());
    int[][] answers =
        Arrays.stream(scores.probabilities()).map(fitted::decide).toArray(int[][]::new);
    return new Fitted(fitted, scores.answering(answers));
  }

  /** What logits mean, as validation rows suggest, and the answers on these. */
  record Fitted(Output output, Scores scores) {}

  /**
   * Answers on all documents of a store.
   *
   * @param split name of the set; empty: nothing to tell
   * @param labels names by label index
   * @param done told the tokens scored so far, now and then
   */
  public static Scores score(
      String split,
      Inference model,
      TokenStore store,
      List<String> labels,
      Output output,
      Inference.Batching batching,
      LongConsumer done) {
    return scores(split, logits(model, store, batching, done), store, labels, output);
  }

  /** Logits (documents, classes) of a store. */
  public static float[][] logits(
      Inference model, TokenStore store, Inference.Batching batching, LongConsumer done) {
    int[][] ids = new int[store.size()][];
    Arrays.setAll(ids, store::ids);
    return model.logits(ids, batching, done);
  }

  /**
   * What logits (documents, classes) come to.
   *
   * @param store tells the documents' labels and ids
   */
  public static Scores scores(
      String split, float[][] logits, TokenStore store, List<String> labels, Output output) {
    int n = store.size();
    int[][] truth = new int[n][];
    String[] ids = new String[n];
    int[] lengths = new int[n];
    for (int d = 0; d < n; d++) {
      truth[d] = store.labels(d);
      ids[d] = store.id(d);
      lengths[d] = store.length(d);
    }
    return scores(split, logits, truth, List.of(ids), lengths, labels, output);
  }

  /**
   * What logits (documents, classes) come to.
   *
   * @param truth indices of each document's labels
   * @param ids of the documents
   * @param lengths of the documents in tokens; empty: not known
   */
  public static Scores scores(
      String split,
      float[][] logits,
      int[][] truth,
      List<String> ids,
      int[] lengths,
      List<String> labels,
      Output output) {
    int n = truth.length;
    float[][] probabilities = new float[n][];
    int[][] predicted = new int[n][];
    double loss = 0;
    for (int d = 0; d < n; d++) {
      check(logits[d], ids.get(d));
      probabilities[d] = output.probabilities(logits[d]);
      predicted[d] = output.decide(probabilities[d]);
      loss += output.loss(logits[d], truth[d]);
    }
    return new Scores(
        split, output.labelling(), labels, ids, truth, probabilities, predicted, loss / n, lengths);
  }

  private static void check(float[] logits, String id) {
    for (float z : logits) {
      if (!Float.isFinite(z)) {
        throw UlmfitException.failure(
            "row "
                + Shown.name(id)
                + ": the model answers with no finite number; train it with a lower learning rate, or"
                + " with --precision fp32",
            null);
      }
    }
  }
}
