package org.ulmfit.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ulmfit.Labelling;

/** Areas: scikit-learn's roc_auc_score; calibration error: Guo et al.'s formula in NumPy. */
class RankingCurvesTest {
  private static final int[] TRUTH = {
    2, 0, 1, 0, 0, 0, 1, 1, 2, 1, 1, 2, 1, 2, 0, 0, 0, 1, 2, 0,
    2, 1, 2, 2, 2, 2, 0, 1, 2, 1, 0, 2, 1, 1, 2, 0, 2, 0, 1, 0
  };

  private static final float[][] PROBABILITIES = {
    {0.253846f, 0.176923f, 0.569231f}, {0.507692f, 0.376923f, 0.115385f},
    {0.384615f, 0.538462f, 0.076923f}, {0.269231f, 0.415385f, 0.315385f},
    {0.51145f, 0.160305f, 0.328244f}, {0.607692f, 0.184615f, 0.207692f},
    {0.138462f, 0.669231f, 0.192308f}, {0.2f, 0.430769f, 0.369231f},
    {0.153846f, 0.146154f, 0.7f}, {0.061538f, 0.653846f, 0.284615f},
    {0.253846f, 0.507692f, 0.238462f}, {0.330769f, 0.130769f, 0.538462f},
    {0.192308f, 0.623077f, 0.184615f}, {0.484615f, 0.053846f, 0.461538f},
    {0.776923f, 0.038462f, 0.184615f}, {0.5f, 0.330769f, 0.169231f},
    {0.892308f, 0.053846f, 0.053846f}, {0.348837f, 0.488372f, 0.162791f},
    {0.092308f, 0.538462f, 0.369231f}, {0.7f, 0.176923f, 0.123077f},
    {0.230769f, 0.053846f, 0.715385f}, {0.372093f, 0.496124f, 0.131783f},
    {0.330769f, 0.246154f, 0.423077f}, {0.480916f, 0.198473f, 0.320611f},
    {0.5f, 0.138462f, 0.361538f}, {0.153846f, 0.184615f, 0.661538f},
    {0.75969f, 0.217054f, 0.023256f}, {0.107692f, 0.646154f, 0.246154f},
    {0.338462f, 0.307692f, 0.353846f}, {0.061538f, 0.253846f, 0.684615f},
    {0.692308f, 0.069231f, 0.238462f}, {0.023077f, 0.115385f, 0.861538f},
    {0.4f, 0.476923f, 0.123077f}, {0.169231f, 0.738462f, 0.092308f},
    {0.253846f, 0.207692f, 0.538462f}, {0.658915f, 0.100775f, 0.24031f},
    {0.084615f, 0.138462f, 0.776923f}, {0.868217f, 0.116279f, 0.015504f},
    {0.415385f, 0.3f, 0.284615f}, {0.269231f, 0.284615f, 0.446154f}
  };

  private static Scores scores(int[] truth, float[][] p) {
    int[][] labels = IntStream.of(truth).mapToObj(t -> new int[] {t}).toArray(int[][]::new);
    int[][] predicted = new int[p.length][];
    for (int row = 0; row < p.length; row++) {
      int best = 0;
      for (int c = 1; c < p[row].length; c++) {
        best = p[row][c] > p[row][best] ? c : best;
      }
      predicted[row] = new int[] {best};
    }
    List<String> ids = IntStream.range(0, truth.length).mapToObj(i -> "row " + i).toList();
    return new Scores(
        "test", Labelling.SINGLE, List.of("a", "b", "c"), ids, labels, p, predicted, 1, new int[0]);
  }

  @Test
  void areasAreThoseOfScikitLearn() {
    double[] expected = {0.9358974358974359, 0.9529914529914529, 0.9464285714285714};
    Scores scores = scores(TRUTH, PROBABILITIES);
    for (int label = 0; label < expected.length; label++) {
      RankingCurves curves = RankingCurves.of(scores, label);
      assertEquals(expected[label], curves.rocArea(), 1e-12);
      assertEquals(new RankingCurves.Point(0, 0), curves.roc().get(0));
      assertEquals(new RankingCurves.Point(1, 1), curves.roc().get(curves.roc().size() - 1));
    }
  }

  @Test
  void rowsOfOneProbabilityAreAnsweredTogether() {
    float[][] same = {{0.5f, 0.5f, 0}, {0.5f, 0.5f, 0}, {0.5f, 0.5f, 0}};
    RankingCurves curves = RankingCurves.of(scores(new int[] {0, 1, 0}, same), 0);
    assertEquals(0.5, curves.rocArea());
    assertEquals(List.of(new RankingCurves.Point(1, 2 / 3.0)), curves.precision());
  }

  @Test
  void withoutRowsOfALabelThereIsNoArea() {
    RankingCurves curves = RankingCurves.of(scores(new int[] {0, 0}, new float[2][3]), 1);
    assertTrue(Double.isNaN(curves.rocArea()));
  }

  @Test
  void theCalibrationErrorIsTheTextbooks() {
    Calibration calibration = Calibration.of(scores(TRUTH, PROBABILITIES));
    assertEquals(0.21033097878098486, calibration.error(), 1e-7);
    assertEquals(40, calibration.bins().stream().mapToInt(Calibration.Bin::rows).sum());
    double right = calibration.bins().stream().mapToDouble(bin -> bin.right() * bin.rows()).sum();
    assertEquals(32, right, 1e-9);
    for (Calibration.Bin bin : calibration.bins()) {
      assertTrue(bin.confidence() > bin.low() && bin.confidence() <= bin.high(), bin.toString());
    }
  }
}
