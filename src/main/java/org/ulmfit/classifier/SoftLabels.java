package org.ulmfit.classifier;

import java.util.List;
import java.util.Map;
import org.ulmfit.vocab.TokenStore;

/**
 * Distributions over the labels that some training rows have in place of their label, as another
 * model answers them: Hinton, Vinyals and Dean 2015.
 *
 * @param names of the labels, in the distributions' order
 * @param rows probabilities (labels) by the rows' ids
 */
public record SoftLabels(List<String> names, Map<String, float[]> rows) {
  public SoftLabels {
    names = List.copyOf(names);
    rows = Map.copyOf(rows);
  }

  /**
   * Targets of documents, 1 for the label of one that has no distribution.
   *
   * @param labels of the model, in its order, the same as here
   * @return (documents, labels), row after row
   */
  float[] targets(TokenStore store, int[] documents, List<String> labels) {
    int[] order = labels.stream().mapToInt(names::indexOf).toArray();
    float[] targets = new float[documents.length * order.length];
    for (int row = 0; row < documents.length; row++) {
      int doc = documents[row];
      float[] soft = rows.get(store.id(doc));
      int start = row * order.length;
      if (soft == null) {
        for (int label : store.labels(doc)) {
          targets[start + label] = 1;
        }
      } else {
        for (int c = 0; c < order.length; c++) {
          targets[start + c] = soft[order[c]];
        }
      }
    }
    return targets;
  }
}
