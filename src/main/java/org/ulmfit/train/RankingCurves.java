package org.ulmfit.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well rows of a label are ranked before the others: the receiver operating characteristic, and
 * precision against recall ({@link Scores#averagePrecision} is its area).
 *
 * @param roc false positive rate and true positive rate, from (0, 0) to (1, 1)
 * @param precision recall and precision, the surest answers first
 * @param rocArea scikit-learn's {@code roc_auc_score}; NaN if all rows have the label, or none
 */
public record RankingCurves(List<Point> roc, List<Point> precision, double rocArea) {
  private static final int MOST = 200; // points of a curve

  /** A point of a curve. */
  public record Point(double x, double y) {}

  /**
   * Of a label.
   *
   * @param label its index
   */
  public static RankingCurves of(Scores scores, int label) {
    float[][] p = scores.probabilities();
    boolean[] has = new boolean[scores.rows()];
    int positives = 0;
    for (int row = 0; row < has.length; row++) {
      for (int one : scores.truth()[row]) {
        has[row] |= one == label;
      }
      positives += has[row] ? 1 : 0;
    }
    int[] order =
        IntStream.range(0, has.length)
            .boxed()
            .sorted((a, b) -> Float.compare(p[b][label], p[a][label]))
            .mapToInt(row -> row)
            .toArray();
    int negatives = has.length - positives;
    List<Point> roc = new ArrayList<>(List.of(new Point(0, 0)));
    List<Point> precision = new ArrayList<>();
    long hits = 0;
    double area = 0;
    for (int i = 0; i < order.length; i++) {
      hits += has[order[i]] ? 1 : 0;
      boolean tied = i + 1 < order.length && p[order[i + 1]][label] == p[order[i]][label];
      if (tied) {
        continue; // rows of one probability are answered together
      }
      Point before = roc.get(roc.size() - 1);
      Point at =
          new Point(
              negatives == 0 ? 0 : (double) (i + 1 - hits) / negatives,
              positives == 0 ? 0 : (double) hits / positives);
      area += (at.x - before.x) * (at.y + before.y) / 2;
      roc.add(at);
      precision.add(new Point(at.y, (double) hits / (i + 1)));
    }
    boolean both = positives > 0 && negatives > 0;
    return new RankingCurves(thinned(roc), thinned(precision), both ? area : Double.NaN);
  }

  /** The same shape in fewer points. */
  private static List<Point> thinned(List<Point> points) {
    if (points.size() <= MOST) {
      return List.copyOf(points);
    }
    List<Point> some = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      some.add(points.get((int) ((long) i * (points.size() - 1) / (MOST - 1))));
    }
    return List.copyOf(some);
  }
}
