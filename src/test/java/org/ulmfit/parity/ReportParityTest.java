package org.ulmfit.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.ulmfit.Golden;
import org.ulmfit.Labelling;
import org.ulmfit.train.BootstrapF1;
import org.ulmfit.train.Calibration;
import org.ulmfit.train.Interval;
import org.ulmfit.train.LabelCounts;
import org.ulmfit.train.RankingCurves;
import org.ulmfit.train.Scores;

/** What pages and cards say of answers, against scikit-learn, statsmodels and NumPy. */
@Tag("parity")
class ReportParityTest {
  private static final double TOLERANCE = 1e-12;

  /**
   * Of an interval's width: four standard errors of the 2.5th percentile of a thousand draws, had
   * they a normal distribution, are .34 standard deviations, the width is 3.92.
   */
  private static final double DRAWN = 0.34 / 3.92;

  @TestFactory
  Stream<DynamicTest> figures() {
    return ParityCase.tests("report", ReportParityTest::compare);
  }

  private static void compare(ParityCase c) {
    Comparison compared = new Comparison(c);
    for (JsonNode row : c.lines("cases.jsonl")) {
      if (row.required("kind").asText().equals("bootstrap")) {
        bootstrap(row, compared);
      } else {
        Scores scores = scores(row);
        labels(row, scores, compared);
        rankings(row, scores, compared);
        calibration(row, scores, compared);
      }
    }
    compared.finish();
  }

  private static void labels(JsonNode row, Scores scores, Comparison compared) {
    String at = row.required("name").asText();
    LabelCounts counts = scores.counts();
    BootstrapF1 f1 = f1(row);
    int rows = scores.rows();
    interval(
        "Wilson's interval of the accuracy",
        row.required("accuracyInterval"),
        Interval.wilson(Math.round(scores.accuracy() * rows), rows),
        compared,
        at);
    for (int label = 0; label < counts.labels(); label++) {
      JsonNode theirs = row.required("perLabel").required(label);
      String where = at + ", label " + label;
      long hits = counts.truePositives(label);
      assertEquals(theirs.required("rows").longValue(), counts.support(label), where);
      assertEquals(theirs.required("predicted").longValue(), counts.predicted(label), where);
      String each = "precision, recall, F1 of each label";
      within(each, theirs, "precision", counts.precision(label), compared, where);
      within(each, theirs, "recall", counts.recall(label), compared, where);
      within(each, theirs, "f1", counts.f1(label), compared, where);
      wilson(theirs.required("precisionInterval"), hits, counts.predicted(label), compared, where);
      wilson(theirs.required("recallInterval"), hits, counts.support(label), compared, where);
      interval(
          "bootstrap of each label's F1, the same draws",
          theirs.required("f1Interval"),
          f1.labelIntervals().get(label),
          compared,
          where);
    }
  }

  private static void wilson(
      JsonNode theirs, long hits, long of, Comparison compared, String where) {
    assertEquals(of == 0, theirs.isNull(), where);
    if (of > 0) {
      interval(
          "Wilson's intervals of each label", theirs, Interval.wilson(hits, of), compared, where);
    }
  }

  private static void rankings(JsonNode row, Scores scores, Comparison compared) {
    double areas = 0;
    int labels = scores.labels().size();
    for (int label = 0; label < labels; label++) {
      JsonNode theirs = row.required("perLabel").required(label);
      String where = row.required("name").asText() + ", label " + label;
      RankingCurves ours = RankingCurves.of(scores, label);
      areas += ours.rocArea();
      within(
          "average precision",
          theirs,
          "averagePrecision",
          scores.averagePrecision(label),
          compared,
          where);
      assertEquals(theirs.required("rocArea").isNull(), Double.isNaN(ours.rocArea()), where);
      if (!Double.isNaN(ours.rocArea())) {
        within("area under ROC", theirs, "rocArea", ours.rocArea(), compared, where);
        points("points of ROC", theirs.required("roc"), ours.roc(), compared, where);
        points(
            "points of precision against recall",
            theirs.required("precisionRecall"),
            ours.precision(),
            compared,
            where);
      }
    }
    if (row.has("macroRocArea")) {
      String at = row.required("name").asText();
      within(
          "mean area under ROC, one against the rest",
          row,
          "macroRocArea",
          areas / labels,
          compared,
          at);
    }
  }

  private static void points(
      String what,
      JsonNode theirs,
      List<RankingCurves.Point> ours,
      Comparison compared,
      String where) {
    double[] x = ours.stream().mapToDouble(RankingCurves.Point::x).toArray();
    double[] y = ours.stream().mapToDouble(RankingCurves.Point::y).toArray();
    all(what, Golden.doubles(theirs.required(0)), x, compared, where);
    all(what, Golden.doubles(theirs.required(1)), y, compared, where);
  }

  private static void calibration(JsonNode row, Scores scores, Comparison compared) {
    String at = row.required("name").asText();
    JsonNode theirs = row.required("calibration");
    Calibration ours = Calibration.of(scores);
    within("expected calibration error", theirs, "error", ours.error(), compared, at);
    String bins = "bins of confidence";
    all(bins, theirs, "rows", ours, Calibration.Bin::rows, compared, at);
    all(bins, theirs, "confidence", ours, Calibration.Bin::confidence, compared, at);
    all(bins, theirs, "right", ours, Calibration.Bin::right, compared, at);
  }

  private static void all(
      String what,
      JsonNode theirs,
      String key,
      Calibration ours,
      ToDoubleFunction<Calibration.Bin> value,
      Comparison compared,
      String where) {
    double[] values = ours.bins().stream().mapToDouble(value).toArray();
    all(what, Golden.doubles(theirs.required(key)), values, compared, where + ", " + key);
  }

  /** Draws of another generator: within what a thousand of ours may be off. */
  private static void bootstrap(JsonNode row, Comparison compared) {
    String at = row.required("name").asText();
    BootstrapF1 ours = f1(row);
    drawn(row.required("macroInterval"), ours.macroInterval(), compared, at);
    for (int label = 0; label < ours.labelIntervals().size(); label++) {
      JsonNode theirs = row.required("labelIntervals").required(label);
      drawn(theirs, ours.labelIntervals().get(label), compared, at + ", label " + label);
    }
  }

  private static void drawn(JsonNode theirs, Interval ours, Comparison compared, String where) {
    double[] ends = Golden.doubles(theirs);
    double off = Math.max(Math.abs(ends[0] - ours.low()), Math.abs(ends[1] - ours.high()));
    compared.within(
        "bootstrap of F1, other draws, by its width", DRAWN, off / (ends[1] - ends[0]), where);
  }

  private static BootstrapF1 f1(JsonNode row) {
    return BootstrapF1.of(
        labelling(row),
        row.required("labels").intValue(),
        Golden.rowsOfInts(row.required("truth")),
        Golden.rowsOfInts(row.required("predicted")));
  }

  private static void within(
      String what, JsonNode theirs, String key, double ours, Comparison compared, String where) {
    double off = Math.abs(theirs.required(key).doubleValue() - ours);
    compared.within(what, TOLERANCE, off, key + ", " + where);
  }

  private static void interval(
      String what, JsonNode theirs, Interval ours, Comparison compared, String where) {
    all(what, Golden.doubles(theirs), new double[] {ours.low(), ours.high()}, compared, where);
  }

  private static void all(
      String what, double[] theirs, double[] ours, Comparison compared, String where) {
    assertEquals(theirs.length, ours.length, what + ", " + where);
    for (int i = 0; i < theirs.length; i++) {
      compared.within(what, TOLERANCE, Math.abs(theirs[i] - ours[i]), where + ", " + i);
    }
  }

  private static Labelling labelling(JsonNode row) {
    boolean multi = row.required("labelling").asText().equals("multi");
    return multi ? Labelling.MULTI : Labelling.SINGLE;
  }

  private static Scores scores(JsonNode row) {
    int labels = row.required("labels").intValue();
    double[][] given = Golden.rowsOfDoubles(row.required("probabilities"));
    float[][] probabilities = new float[given.length][labels];
    for (int i = 0; i < given.length; i++) {
      for (int label = 0; label < labels; label++) {
        probabilities[i][label] = (float) given[i][label];
      }
    }
    return new Scores(
        "",
        labelling(row),
        IntStream.range(0, labels).mapToObj(label -> "label " + label).toList(),
        Collections.nCopies(given.length, "row"),
        Golden.rowsOfInts(row.required("truth")),
        probabilities,
        Golden.rowsOfInts(row.required("predicted")),
        0,
        new int[0]);
  }
}
