package org.ulmfit.ngram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;

class NgramClassifierTest {

  /** A class is where its own id is frequent. */
  private static int[][] documents(Truth truth) {
    Random random = new Random(31);
    return IntStream.range(0, truth.labels().length)
        .mapToObj(
            row ->
                IntStream.range(0, 25)
                    .map(i -> random.nextInt(20))
                    .map(id -> id < truth.classes() && !truth.has(row, id) ? 10 : id)
                    .toArray())
        .toArray(int[][]::new);
  }

  @Test
  void answersWhatItWasTaught() {
    Random random = new Random(32);
    for (Truth truth :
        List.of(
            Made.single(random, 90, 2), Made.single(random, 90, 4), Made.several(random, 90, 4))) {
      int[][] documents = documents(truth);
      Ngrams ngrams = Ngrams.count(Made.documents(documents), 1, 2, 2, id -> false, new Stop());
      SparseMatrix counts = ngrams.counts(Made.documents(documents), new Stop());
      SolverSettings settings = SolverSettings.seeded(1);
      NgramLearner svm = NgramLearner.naiveBayesSvm(0.25, null, settings);
      var plan = new Strength.Plan(List.of(0.1), 5, Figure.ACCURACY, 1);
      double[][] held = Strength.choose(svm, counts, truth, plan, new Stop(), line -> {}).margins();
      right(
          truth,
          documents,
          ngrams,
          model(svm, counts, truth, 0.1),
          PlattScaling.learn(held, truth));
      NgramLearner regression = NgramLearner.regression(false, null, settings);
      right(truth, documents, ngrams, model(regression, counts, truth, 30), null);
    }
  }

  private static NgramModel model(
      NgramLearner learner, SparseMatrix counts, Truth truth, double strength) {
    NgramLearner.Fit<NgramModel> fit = learner.on(counts, truth, Made.all(counts));
    return fit.at(strength, new Stop());
  }

  private static void right(
      Truth truth, int[][] documents, Ngrams ngrams, NgramModel model, PlattScaling[] scalings) {
    var classifier = new NgramClassifier(truth.labelling(), ngrams, model, scalings);
    SparseMatrix counts = ngrams.counts(Made.documents(documents), new Stop());
    int right = 0;
    for (int row = 0; row < documents.length; row++) {
      float[] logits = classifier.logits(documents[row]);
      assertEquals(truth.classes(), logits.length);
      double[] margins = model.margins(counts, row);
      assertArrayEquals(
          logits, NgramClassifier.logits(truth.labelling(), margins, scalings), 1e-5f);
      boolean same = true;
      for (int label = 0; label < logits.length; label++) {
        boolean answered = logits[label] > 0;
        if (truth.labelling() == Labelling.SINGLE) {
          answered = IntStream.range(0, logits.length).allMatch(best(logits, label));
        }
        same &= answered == truth.has(row, label);
      }
      right += same ? 1 : 0;
    }
    assertTrue(right > 75, right + " of 90, " + truth.labelling() + ", " + truth.classes());
  }

  private static IntPredicate best(float[] logits, int label) {
    return k -> k == label || logits[k] < logits[label];
  }

  @Test
  void logitsOfMargins() {
    PlattScaling[] two = {new PlattScaling(2, 0), new PlattScaling(1, -1)};
    float[] one = NgramClassifier.logits(Labelling.SINGLE, new double[] {3}, null);
    assertArrayEquals(new float[] {0, 3}, one);
    one = NgramClassifier.logits(Labelling.SINGLE, new double[] {3}, new PlattScaling[] {two[1]});
    assertArrayEquals(new float[] {0, 2}, one);
    float[] several = NgramClassifier.logits(Labelling.MULTI, new double[] {1, 3}, two);
    assertArrayEquals(new float[] {2, 2}, several);
    several = NgramClassifier.logits(Labelling.MULTI, new double[] {1}, null);
    assertArrayEquals(new float[] {1}, several);
    float[] ofOne = NgramClassifier.logits(Labelling.SINGLE, new double[] {1, 2}, two);
    double p = 1 / (1 + Math.exp(-2));
    double q = 1 / (1 + Math.exp(-1));
    assertEquals(p / (p + q), 1 / (1 + Math.exp(ofOne[1] - ofOne[0])), 1e-6);
  }

  @Test
  void scalingOfRowsOnOneSideIsFiniteAndCautious() {
    double[] margins = {1, 2, 3, 1e6, -4};
    PlattScaling scaling = PlattScaling.learn(margins, new boolean[5]);
    for (double margin : margins) {
      assertTrue(scaling.logit(margin) < 0, scaling.toString());
      assertTrue(scaling.logit(margin) > -1000, scaling.toString());
    }
  }

  @Test
  void anNgramThatNoTrainingRowHasIsAsGoodAsAbsent() {
    SparseMatrix counts = Made.matrix(new double[][] {{1, 2, 0}, {3, 0, 0}, {1, 1, 5}});
    TfIdf learned = TfIdf.learn(counts, new int[] {0, 1}, false);
    assertEquals(0, learned.idf()[2]);
    double[] with = Made.dense(learned.of(counts), 2);
    SparseMatrix without = Made.matrix(new double[][] {{1, 1, 0}});
    assertArrayEquals(Made.dense(learned.of(without), 0), with);
    assertEquals(1, Math.hypot(with[0], with[1]), 1e-6);
  }
}
