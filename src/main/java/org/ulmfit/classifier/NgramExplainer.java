package org.ulmfit.classifier;

import java.util.Arrays;
import org.ulmfit.Stop;
import org.ulmfit.ngram.NgramClassifier;

/**
 * Weights of n-grams times what is counted of them, shared by their tokens. Where the target is no
 * straight line of the margins, it is gone along from the intercepts to the document's margins, as
 * integrated gradients do, so that all tokens together are the whole.
 */
record NgramExplainer(NgramClassifier model, Marks marks) implements Explainer {
  private static final int POINTS = 64; // of a path on which nothing is computed but the target

  @Override
  public String method() {
    return "weights of the n-grams, times what is counted of each";
  }

  @Override
  public float[] baseline(int[] document, int[] groups) {
    return logits(intercepts());
  }

  @Override
  public int answers(int words) {
    return 1;
  }

  @Override
  public Attribution explain(int[] document, int[] groups, Target target, Stop stop) {
    int[] places = marks.others(document);
    int[] ids = Arrays.stream(places).map(place -> document[place]).toArray();
    double[][] shares = model.model().contributions(model.ngrams(), ids);
    double[] start = intercepts();
    double[] changes = Arrays.stream(shares).mapToDouble(s -> Arrays.stream(s).sum()).toArray();
    double[] slopes = slopes(start, changes, target);
    double[] tokens = new double[document.length];
    for (int t = 0; t < places.length; t++) {
      for (int output = 0; output < slopes.length; output++) {
        tokens[places[t]] += slopes[output] * shares[output][t];
      }
    }
    float[] baseline = logits(start);
    double whole = target.value(logits(moved(start, changes, 1))) - target.value(baseline);
    return new Attribution(tokens, whole, baseline);
  }

  /** What the target changes by with each margin, the mean over the way (outputs). */
  private double[] slopes(double[] start, double[] changes, Target target) {
    double[] slopes = new double[start.length];
    for (int p = 0; p < POINTS; p++) {
      double[] margins = moved(start, changes, (p + .5) / POINTS);
      float[] gradient = target.gradient(logits(margins));
      for (int output = 0; output < slopes.length; output++) {
        double own = model.slope(output, margins[output]);
        slopes[output] += gradient[model.label(output)] * own / POINTS;
      }
    }
    return slopes;
  }

  private static double[] moved(double[] start, double[] changes, double part) {
    double[] margins = new double[start.length];
    Arrays.setAll(margins, output -> start[output] + part * changes[output]);
    return margins;
  }

  private double[] intercepts() {
    float[] own = model.model().intercepts();
    double[] margins = new double[own.length];
    Arrays.setAll(margins, output -> own[output]);
    return margins;
  }

  private float[] logits(double[] margins) {
    return NgramClassifier.logits(model.labelling(), margins, model.scalings());
  }

  @Override
  public void close() {
    // it holds nothing but arrays
  }
}
