package org.ulmfit.classifier;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.model.ModelConfig;

/** What a classifier's logits mean: probabilities, an answer, the loss of a document. */
public interface Output {

  /** Of a model that is trained now; under several labels with a threshold of one half each. */
  static Output of(Labelling labelling, int classes) {
    return labelling == Labelling.MULTI ? Sigmoid.halves(classes) : new Softmax();
  }

  /** Of a saved model. */
  static Output of(ModelConfig config) {
    return of(config.thresholds());
  }

  /**
   * Of what has these thresholds.
   *
   * @param thresholds one for each class; null: one label a document
   */
  static Output of(@Nullable List<Double> thresholds) {
    return thresholds == null
        ? new Softmax()
        : new Sigmoid(thresholds.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** How many labels a document has. */
  Labelling labelling();

  /**
   * The same with thresholds that suit these rows, where there are thresholds.
   *
   * @param probabilities (rows, classes)
   * @param truth indices of each row's labels
   */
  Output fitted(float[][] probabilities, int[][] truth);

  /** From which probability on each class is answered (classes); none for one label a document. */
  double[] thresholds();

  /**
   * Probabilities of the classes.
   *
   * @param logits of one document (classes)
   */
  float[] probabilities(float[] logits);

  /**
   * The answer that probabilities come to.
   *
   * @param probabilities of one document (classes)
   * @return indices of its labels, the most probable first
   */
  int[] decide(float[] probabilities);

  /**
   * Loss of one document, nats; of several labels the mean over the classes.
   *
   * @param logits (classes)
   * @param labels indices of its labels
   */
  double loss(float[] logits, int[] labels);
}
