package org.ulmfit.train;

import java.util.List;

/**
 * A classifier's answers on a labelled set, in the set's order.
 *
 * @param split name of the set; empty: nothing to tell
 * @param labels names of the classes in index order
 * @param ids of the documents
 * @param truth indices of each document's labels
 * @param probabilities (documents, classes)
 * @param loss mean cross-entropy, nats
 */
public record Scores(
    String split,
    List<String> labels,
    List<String> ids,
    int[][] truth,
    float[][] probabilities,
    double loss) {

  /** Documents. */
  public int rows() {
    return truth.length;
  }

  /** True against most probable label. */
  public ConfusionMatrix confusion() {
    ConfusionMatrix matrix = new ConfusionMatrix(labels.size());
    for (int d = 0; d < truth.length; d++) {
      matrix.add(truth[d][0], Metrics.argMax(probabilities[d]));
    }
    return matrix;
  }

  /** Share of documents whose most probable label is the true one. */
  public double accuracy() {
    return confusion().accuracy();
  }

  /** The figures the loop reports. */
  public Evaluation evaluation() {
    return new Evaluation(loss, accuracy(), truth.length);
  }
}
