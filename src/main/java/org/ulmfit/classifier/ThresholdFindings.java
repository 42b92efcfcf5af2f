package org.ulmfit.classifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.ulmfit.Shown;
import org.ulmfit.train.LabelCounts;
import org.ulmfit.train.Scores;
import org.ulmfit.train.Thresholds;

/** What is worth knowing of thresholds that were chosen on validation rows. */
final class ThresholdFindings {
  private static final int NAMED = 10; // labels in a line

  private ThresholdFindings() {}

  /**
   * Lines to tell.
   *
   * @param thresholds (labels)
   * @param valid the answers they give on the rows they were chosen on
   */
  static List<String> of(double[] thresholds, Scores valid) {
    LabelCounts counts = valid.counts();
    List<String> lines = new ArrayList<>();
    lines.add(
        Shown.format(
            "thresholds: %.3f to %.3f, chosen on the validation rows, whose figures they flatter",
            Arrays.stream(thresholds).min().orElse(0), Arrays.stream(thresholds).max().orElse(0)));
    String few = named(valid, label -> counts.support(label) < Thresholds.FEWEST_ROWS);
    if (!few.isEmpty()) {
      double shared =
          IntStream.range(0, thresholds.length)
              .filter(label -> counts.support(label) < Thresholds.FEWEST_ROWS)
              .mapToDouble(label -> thresholds[label])
              .findFirst()
              .orElseThrow();
      lines.add(
          Shown.format(
              "one threshold, %.3f, for all labels of fewer than %d validation rows: %s",
              shared, Thresholds.FEWEST_ROWS, few));
    }
    String all =
        named(
            valid,
            label ->
                counts.predicted(label) == valid.rows() && counts.support(label) < valid.rows());
    String never = named(valid, label -> counts.predicted(label) == 0);
    if (!all.isEmpty()) {
      lines.add("WARNING: answered for every validation row: " + all + "; not told apart");
    }
    if (!never.isEmpty()) {
      lines.add("WARNING: answered for no validation row: " + never);
    }
    return lines;
  }

  private static String named(Scores scores, IntPredicate which) {
    List<String> names =
        IntStream.range(0, scores.labels().size())
            .filter(which)
            .mapToObj(scores.labels()::get)
            .toList();
    return names.isEmpty() ? "" : Shown.list(names, NAMED);
  }
}
