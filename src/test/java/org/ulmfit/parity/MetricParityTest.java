package org.ulmfit.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.ulmfit.Golden;
import org.ulmfit.Labelling;
import org.ulmfit.classifier.Output;
import org.ulmfit.train.LabelCounts;
import org.ulmfit.train.Scores;
import org.ulmfit.train.Thresholds;

/** Figures of answers against scikit-learn's, and what chosen thresholds come to. */
@Tag("parity")
class MetricParityTest {
  private static final double TOLERANCE = 1e-12;

  @TestFactory
  Stream<DynamicTest> figures() {
    return ParityCase.tests("metrics", MetricParityTest::compare);
  }

  private static void compare(ParityCase c) {
    Comparison compared = new Comparison(c);
    int single = 0;
    int multi = 0;
    for (JsonNode row : c.lines("cases.jsonl")) {
      if (row.required("labelling").asText().equals("multi")) {
        multi++;
        Scores scores = multi(row);
        figures(row, scores, compared);
        labels(row, scores, compared);
        thresholds(row, scores, compared);
      } else {
        single++;
        figures(row, single(row), compared);
      }
    }
    compared.note("sets of answers, one label and several", single + " and " + multi);
    compared.finish();
  }

  private static void figures(JsonNode row, Scores scores, Comparison compared) {
    String at = row.required("name").asText();
    Map<String, Double> ours = scores.figures();
    JsonNode theirs = row.required("figures");
    Set<String> names = new TreeSet<>(ours.keySet());
    names.remove("loss"); // of several labels: nothing to compare with
    Set<String> known = new TreeSet<>();
    theirs.fieldNames().forEachRemaining(known::add);
    assertEquals(known, names);
    for (String name : names) {
      double difference = Math.abs(theirs.get(name).doubleValue() - ours.get(name));
      compared.within("figures of all answers", TOLERANCE, difference, name + ", " + at);
    }
    assertEquals(ours.get("macroF1"), scores.evaluation().macroF1());
    assertEquals(ours.values().iterator().next(), scores.evaluation().accuracy());
  }

  private static void labels(JsonNode row, Scores scores, Comparison compared) {
    LabelCounts counts = scores.counts();
    int label = 0;
    for (JsonNode theirs : row.required("perLabel")) {
      String at = row.required("name").asText() + ", label " + label;
      assertEquals(theirs.required("rows").intValue(), counts.support(label), at);
      assertEquals(theirs.required("predicted").intValue(), counts.predicted(label), at);
      Map<String, Double> ours =
          Map.of(
              "precision", counts.precision(label),
              "recall", counts.recall(label),
              "f1", counts.f1(label),
              "averagePrecision", scores.averagePrecision(label));
      ours.forEach(
          (name, value) ->
              compared.within(
                  "figures of each label",
                  TOLERANCE,
                  Math.abs(theirs.required(name).doubleValue() - value),
                  name + ", " + at));
      label++;
    }
    assertEquals(label, counts.labels());
  }

  /** The F1 that thresholds reach is the greatest on scikit-learn's precision-recall curve. */
  private static void thresholds(JsonNode row, Scores scores, Comparison compared) {
    String at = row.required("name").asText();
    int labels = scores.labels().size();
    double[] chosen = Thresholds.choose(scores.probabilities(), scores.truth(), labels);
    int[][] answers =
        Arrays.stream(scores.probabilities()).map(p -> answer(p, chosen)).toArray(int[][]::new);
    LabelCounts counts = LabelCounts.of(scores.truth(), answers, labels);
    double[] best = Golden.doubles(row.required("bestF1"));
    long hits = 0;
    long marked = 0;
    for (int label = 0; label < labels; label++) {
      if (counts.support(label) < Thresholds.FEWEST_ROWS) {
        hits += counts.truePositives(label);
        marked += counts.support(label) + counts.predicted(label);
      } else {
        double difference = Math.abs(best[label] - counts.f1(label));
        compared.within("F1 at chosen thresholds", TOLERANCE, difference, at);
      }
    }
    double shared = marked == 0 ? 0 : 2.0 * hits / marked;
    // none of them has a row: nothing to choose by, and whatever is answered is wrong
    double difference = Math.abs(row.required("bestF1OfFew").doubleValue() - shared);
    compared.within("micro F1 at the shared threshold", TOLERANCE, difference, at);
  }

  private static int[] answer(float[] probabilities, double[] thresholds) {
    return IntStream.range(0, thresholds.length)
        .filter(label -> probabilities[label] >= thresholds[label])
        .toArray();
  }

  private static Scores multi(JsonNode row) {
    float[][] probabilities = floats(row.required("probabilities"));
    int[][] truth = Golden.rowsOfInts(row.required("truth"));
    return scores(row, Labelling.MULTI, truth, probabilities, 0);
  }

  /** The loss is that of logits, as a trained model is measured. */
  private static Scores single(JsonNode row) {
    int labels = row.required("labels").intValue();
    Output output = Output.of(Labelling.SINGLE, labels);
    int[][] truth = Golden.rowsOfInts(row.required("truth"));
    float[][] logits = floats(row.required("logits"));
    double loss = 0;
    for (int i = 0; i < truth.length; i++) {
      loss += output.loss(logits[i], truth[i]) / truth.length;
    }
    float[][] probabilities =
        Arrays.stream(logits).map(output::probabilities).toArray(float[][]::new);
    return scores(row, Labelling.SINGLE, truth, probabilities, loss);
  }

  private static Scores scores(
      JsonNode row, Labelling labelling, int[][] truth, float[][] probabilities, double loss) {
    int labels = row.required("labels").intValue();
    return new Scores(
        "",
        labelling,
        IntStream.range(0, labels).mapToObj(l -> "label " + l).toList(),
        List.copyOf(Collections.nCopies(truth.length, "row")),
        truth,
        probabilities,
        Golden.rowsOfInts(row.required("predicted")),
        loss,
        new int[0]);
  }

  private static float[][] floats(JsonNode rows) {
    return Arrays.stream(Golden.rowsOfDoubles(rows))
        .map(MetricParityTest::floats)
        .toArray(float[][]::new);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
