package org.ulmfit.classifier;

import java.util.List;
import java.util.function.LongConsumer;
import org.ulmfit.train.ConfusionMatrix;
import org.ulmfit.train.Metrics;
import org.ulmfit.train.Task;
import org.ulmfit.vocab.TokenStore;

/**
 * A classifier's answers on a labelled set, in the set's order.
 *
 * @param split name of the set
 * @param truth index of each document's label
 * @param probabilities (documents, classes)
 * @param loss mean cross-entropy, nats
 */
public record Scores(
    String split,
    List<String> labels,
    List<String> ids,
    int[] truth,
    float[][] probabilities,
    double loss) {

  /** Runs a classifier in training over a store. */
  public static Scores of(
      String split,
      Classifier model,
      TokenStore store,
      List<String> labels,
      int rows,
      int maxTokens) {
    try (Inference now = model.inference()) {
      return of(split, now, store, labels, rows, maxTokens, tokens -> {});
    }
  }

  /**
   * Runs a classifier over a store.
   *
   * @param rows documents of a batch at most
   * @param maxTokens tokens of a batch at most, padding included
   * @param done told the tokens scored so far, now and then
   */
  static Scores of(
      String split,
      Inference model,
      TokenStore store,
      List<String> labels,
      int rows,
      int maxTokens,
      LongConsumer done) {
    int n = store.size();
    int[][] ids = new int[n][];
    int[] truth = new int[n];
    String[] names = new String[n];
    for (int d = 0; d < n; d++) {
      ids[d] = store.ids(d);
      truth[d] = store.label(d);
      names[d] = store.id(d);
    }
    float[][] logits = model.logits(ids, rows, maxTokens, done);
    float[][] probabilities = new float[n][];
    double loss = 0;
    for (int d = 0; d < n; d++) {
      probabilities[d] = Classifier.probabilities(logits[d]);
      loss += crossEntropy(logits[d], truth[d]);
    }
    return new Scores(split, labels, List.of(names), truth, probabilities, loss / n);
  }

  private static double crossEntropy(float[] logits, int truth) {
    double max = Double.NEGATIVE_INFINITY;
    for (float z : logits) {
      max = Math.max(max, z);
    }
    double sum = 0;
    for (float z : logits) {
      sum += Math.exp(z - max);
    }
    return max + Math.log(sum) - logits[truth];
  }

  /** Index of the most probable label of each document. */
  public int[] predicted() {
    int[] best = new int[probabilities.length];
    for (int d = 0; d < best.length; d++) {
      best[d] = Metrics.argMax(probabilities[d]);
    }
    return best;
  }

  /** Share of documents whose most probable label is the true one. */
  public double accuracy() {
    int[] predicted = predicted();
    int hits = 0;
    for (int d = 0; d < truth.length; d++) {
      hits += predicted[d] == truth[d] ? 1 : 0;
    }
    return (double) hits / truth.length;
  }

  public ConfusionMatrix confusion() {
    ConfusionMatrix matrix = new ConfusionMatrix(labels.size());
    int[] predicted = predicted();
    for (int d = 0; d < truth.length; d++) {
      matrix.add(truth[d], predicted[d]);
    }
    return matrix;
  }

  /** The figures the loop reports. */
  public Task.Evaluation evaluation() {
    return new Task.Evaluation(loss, accuracy(), truth.length);
  }
}
