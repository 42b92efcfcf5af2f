package org.ulmfit.ngram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.ulmfit.Golden;
import org.ulmfit.Labelling;
import org.ulmfit.parity.Comparison;
import org.ulmfit.parity.ParityCase;

/** n-grams, their weights and linear models of them against scikit-learn's. */
@Tag("parity")
class NgramParityTest {
  private static final double VALUES = 1e-6;
  private static final double WEIGHTS = 1e-5; // of the greatest
  private static final double PROBABILITIES = 1e-5; // theirs end at a gradient of 1e-6
  private static final int MARK = 5;

  @TestFactory
  Stream<DynamicTest> all() {
    return ParityCase.tests("ngram", NgramParityTest::compare);
  }

  private static void compare(ParityCase c) {
    Comparison compared = new Comparison(c);
    for (JsonNode row : c.lines("cases.jsonl")) {
      switch (row.required("what").asText()) {
        case "ngrams" -> ngrams(row, compared);
        case "solver" -> solver(row, compared);
        case "learner" -> learner(row, compared);
        case "platt" -> platt(row, compared);
        case "figures" -> figures(row, compared);
        default -> throw new AssertionError(row);
      }
    }
    compared.finish();
  }

  private static String name(JsonNode row) {
    return row.required("name").asText();
  }

  private static Ngrams ngrams(int[][] documents, int shortest, int longest, int minimum) {
    return Ngrams.count(
        Made.documents(documents), shortest, longest, minimum, id -> id == MARK, Made.never());
  }

  private static void ngrams(JsonNode row, Comparison compared) {
    int[][] documents = Golden.rowsOfInts(row.required("documents"));
    Ngrams ngrams =
        ngrams(
            documents,
            row.required("shortest").intValue(),
            row.required("longest").intValue(),
            row.required("minimum").intValue());
    int[][] expected = Golden.rowsOfInts(row.required("ngrams"));
    assertEquals(expected.length, ngrams.columns(), name(row));
    for (int column = 0; column < expected.length; column++) {
      assertArrayEquals(expected[column], ngrams.ids(column), name(row));
    }
    SparseMatrix counts = ngrams.counts(Made.documents(documents), Made.never());
    int[] rows = Made.all(counts);
    rows("counts", 0, row.required("counts"), counts, name(row), compared);
    SparseMatrix tfIdf = TfIdf.learn(counts, rows, false).of(counts);
    rows("tf-idf", VALUES, row.required("tfIdf"), tfIdf, name(row), compared);
    SparseMatrix sublinear = TfIdf.learn(counts, rows, true).of(counts);
    rows("sublinear", VALUES, row.required("sublinear"), sublinear, name(row), compared);
    boolean[] positive = booleans(row.required("positive"));
    float[] ratio = NaiveBayesRatio.learn(counts, rows, doc -> positive[doc]);
    double[] theirs = Golden.doubles(row.required("ratio"));
    for (int column = 0; column < ratio.length; column++) {
      compared.within("ratios", VALUES, Math.abs(theirs[column] - ratio[column]), name(row));
    }
  }

  private static void rows(
      String what, double tolerance, JsonNode rows, SparseMatrix ours, String at, Comparison to) {
    double[][] theirs = Golden.rowsOfDoubles(rows);
    assertEquals(theirs.length, ours.rows(), at);
    for (int row = 0; row < theirs.length; row++) {
      double[] own = Made.dense(ours, row);
      for (int c = 0; c < own.length; c++) {
        to.within(what, tolerance, Math.abs(theirs[row][c] - own[c]), at + ", row " + row);
      }
    }
  }

  private static void solver(JsonNode row, Comparison compared) {
    boolean multi = row.required("labelling").asText().equals("multi");
    int[][] labels = Golden.rowsOfInts(row.required("truth"));
    Truth truth =
        new Truth(
            multi ? Labelling.MULTI : Labelling.SINGLE, row.required("classes").intValue(), labels);
    SparseMatrix x = Made.matrix(Golden.rowsOfDoubles(row.required("x")));
    double c = row.required("strength").doubleValue();
    float[] weights = row.required("weights").isNull() ? null : floats(row.required("weights"));
    if (row.has("softmax")) {
      SoftmaxRegression softmax = new SoftmaxRegression(x, truth, Made.all(x), c, weights);
      solved("softmax", row, softmax.minimum(Made.tight(), Made.never()), compared);
    }
    List<Solution> hinge = new ArrayList<>();
    List<Solution> logistic = new ArrayList<>();
    for (int output = 0; output < truth.outputs(); output++) {
      Problem problem = Problem.of(x, truth, Made.all(x), output, c, weights);
      hinge.add(SquaredHinge.minimum(problem, Made.tight(), Made.never()));
      logistic.add(DualLogistic.minimum(problem, Made.tight(), Made.never()));
    }
    solved("hinge", row, hinge, compared);
    if (row.has("logistic")) {
      solved("logistic", row, logistic, compared);
    }
  }

  private static void solved(String how, JsonNode row, List<Solution> ours, Comparison compared) {
    assertTrue(ours.stream().allMatch(Solution::settled), how + ", " + name(row));
    float[][] weights = ours.stream().map(s -> Output.of(s).weights()).toArray(float[][]::new);
    float[] intercepts = new float[weights.length];
    for (int output = 0; output < weights.length; output++) {
      intercepts[output] = Output.of(ours.get(output)).intercept();
    }
    within(how, row.required(how), weights, intercepts, name(row), compared);
  }

  private static void within(
      String how,
      JsonNode theirs,
      float[][] weights,
      float[] intercepts,
      String at,
      Comparison to) {
    JsonNode rows = theirs.required("weights");
    assertEquals(rows.size(), weights.length, at);
    for (int output = 0; output < weights.length; output++) {
      to.relative(how + " weights", WEIGHTS, at, floats(rows.get(output)), weights[output]);
    }
    to.relative(
        how + " intercepts", WEIGHTS, at, floats(theirs.required("intercepts")), intercepts);
  }

  private static void learner(JsonNode row, Comparison compared) {
    int[][] documents = Golden.rowsOfInts(row.required("documents"));
    Ngrams ngrams = ngrams(documents, 1, 2, 2);
    SparseMatrix counts = ngrams.counts(Made.documents(documents), Made.never());
    Truth truth =
        new Truth(
            Labelling.SINGLE,
            row.required("classes").intValue(),
            Golden.rowsOfInts(row.required("truth")));
    NgramLearner regression = NgramLearner.regression(true, null, Made.tight());
    NgramModel first = model(regression, counts, truth, 3);
    String how = "TF-IDF regression";
    within(
        how, row.required("regression"), first.weights(), first.intercepts(), name(row), compared);
    NgramModel second =
        model(NgramLearner.naiveBayesSvm(0.25, null, Made.tight()), counts, truth, 0.1);
    JsonNode theirs = row.required("naiveBayesSvm");
    within("NB-SVM", theirs, second.weights(), second.intercepts(), name(row), compared);
    SparseMatrix plain = TfIdf.learn(counts, Made.all(counts), false).of(counts);
    double[] ours = AnovaF.of(plain, truth);
    double[] f = Golden.doubles(row.required("anovaF"));
    assertEquals(f.length, ours.length);
    for (int c = 0; c < f.length; c++) {
      double difference = Math.abs(f[c] - ours[c]) / Math.max(1, f[c]);
      compared.within("ANOVA F, of the greater of it and 1", WEIGHTS, difference, name(row));
    }
  }

  private static NgramModel model(
      NgramLearner learner, SparseMatrix counts, Truth truth, double strength) {
    NgramLearner.Fit<NgramModel> fit = learner.on(counts, truth, Made.all(counts));
    return fit.at(strength, Made.never());
  }

  private static void platt(JsonNode row, Comparison compared) {
    double[] margins = Golden.doubles(row.required("margins"));
    PlattScaling ours = PlattScaling.learn(margins, booleans(row.required("positive")));
    double[] theirs = Golden.doubles(row.required("probabilities"));
    for (int i = 0; i < theirs.length; i++) {
      double p = 1 / (1 + Math.exp(-ours.logit(margins[i])));
      compared.within("Platt", PROBABILITIES, Math.abs(theirs[i] - p), name(row));
    }
  }

  private static void figures(JsonNode row, Comparison compared) {
    boolean multi = row.required("labelling").asText().equals("multi");
    int[][] labels = Golden.rowsOfInts(row.required("truth"));
    Truth truth =
        new Truth(
            multi ? Labelling.MULTI : Labelling.SINGLE, row.required("classes").intValue(), labels);
    double[][] margins = Golden.rowsOfDoubles(row.required("margins"));
    for (Figure figure : Figure.values()) {
      double ours = figure.of(truth, margins, Golden.range(margins.length));
      double theirs = row.required("figures").required(figure.name()).doubleValue();
      compared.within(figure.word(), 1e-12, Math.abs(theirs - ours), name(row));
    }
  }

  private static boolean[] booleans(JsonNode array) {
    boolean[] values = new boolean[array.size()];
    IntStream.range(0, values.length).forEach(i -> values[i] = array.get(i).booleanValue());
    return values;
  }

  private static float[] floats(JsonNode array) {
    double[] values = Golden.doubles(array);
    float[] floats = new float[values.length];
    IntStream.range(0, floats.length).forEach(i -> floats[i] = (float) values[i]);
    return floats;
  }
}
