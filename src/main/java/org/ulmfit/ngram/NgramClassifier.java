package org.ulmfit.ngram;

import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;

/**
 * A text's token ids in, a logit for each label out. Thread-safe.
 *
 * @param labelling how many labels a text has, which says how logits are read: the softmax of one,
 *     the sigmoids of several
 * @param scalings (outputs) what makes logits of margins, {@link PlattScaling#learn}; null: margins
 *     are logits, as those of logistic regression are
 */
public record NgramClassifier(
    Labelling labelling, Ngrams ngrams, NgramModel model, PlattScaling @Nullable [] scalings) {

  /** The labels' logits (labels) of a document. */
  public float[] logits(int[] ids) {
    return logits(labelling, model.margins(ngrams, ids), scalings);
  }

  /**
   * The labels' logits (labels) of margins, such as those of rows held out. Where a text has one of
   * several labels and each has a scaled output, probabilities are the outputs' own over their sum.
   *
   * @param margins (outputs)
   * @param scalings (outputs) or null
   */
  public static float[] logits(
      Labelling labelling, double[] margins, PlattScaling @Nullable [] scalings) {
    boolean binary = isBinary(labelling, margins.length);
    float[] logits = new float[binary ? 2 : margins.length];
    for (int output = 0; output < margins.length; output++) {
      double z = scalings == null ? margins[output] : scalings[output].logit(margins[output]);
      boolean ofOne = labelling == Labelling.SINGLE && !binary && scalings != null;
      logits[binary ? 1 : output] = (float) (ofOne ? -PlattScaling.softplus(-z) : z);
    }
    return logits;
  }

  /** Which label's logit an output makes. */
  public int label(int output) {
    return isBinary(labelling, model.intercepts().length) ? 1 : output;
  }

  /** What that logit changes by with the output's margin. */
  public double slope(int output, double margin) {
    if (scalings == null) {
      return 1;
    }
    boolean ofOne =
        labelling == Labelling.SINGLE && !isBinary(labelling, model.intercepts().length);
    double z = scalings[output].logit(margin);
    return scalings[output].slope() * (ofOne ? 1 / (1 + Math.exp(z)) : 1);
  }

  private static boolean isBinary(Labelling labelling, int outputs) {
    return labelling == Labelling.SINGLE && outputs == 1;
  }
}
