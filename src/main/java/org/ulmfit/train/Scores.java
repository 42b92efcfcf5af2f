package org.ulmfit.train;

import java.util.List;
import org.ulmfit.Labelling;

/**
 * A classifier's answers on a labelled set, in the set's order.
 *
 * @param split name of the set; empty: nothing to tell
 * @param labelling how many labels a document has, in truth and answer
 * @param labels names of the classes in index order
 * @param ids of the documents
 * @param truth indices of each document's labels
 * @param probabilities (documents, classes)
 * @param predicted indices of the labels that were answered for each document
 * @param loss mean over the documents, nats
 */
public record Scores(
    String split,
    Labelling labelling,
    List<String> labels,
    List<String> ids,
    int[][] truth,
    float[][] probabilities,
    int[][] predicted,
    double loss) {

  /** Documents. */
  public int rows() {
    return truth.length;
  }

  /** True against predicted label, of documents that have one each. */
  public ConfusionMatrix confusion() {
    ConfusionMatrix matrix = new ConfusionMatrix(labels.size());
    for (int d = 0; d < truth.length; d++) {
      matrix.add(truth[d][0], predicted[d][0]);
    }
    return matrix;
  }

  /** Share of documents whose most probable label is the true one. */
  public double accuracy() {
    return confusion().accuracy();
  }

  /** The same with other answers. */
  public Scores answering(int[][] answers) {
    return new Scores(split, labelling, labels, ids, truth, probabilities, answers, loss);
  }

  /** The figures the loop reports. */
  public Evaluation evaluation() {
    return new Evaluation(loss, accuracy(), confusion().macroF1(), truth.length);
  }
}
