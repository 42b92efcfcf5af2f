package org.ulmfit.report;

import java.util.ArrayList;
import java.util.List;
import org.ulmfit.Labelling;
import org.ulmfit.train.Metrics;
import org.ulmfit.train.Scores;

/** Scores made row by row. */
final class TestScores {
  private final String split;
  private final List<String> labels;
  private final List<int[]> truth = new ArrayList<>();
  private final List<float[]> probabilities = new ArrayList<>();
  private double loss;

  TestScores(String split, List<String> labels) {
    this.split = split;
    this.labels = labels;
  }

  TestScores add(int label, float... p) {
    truth.add(new int[] {label});
    probabilities.add(p);
    loss -= Math.log(Math.max(p[label], Float.MIN_NORMAL));
    return this;
  }

  Scores scores() {
    return new Scores(
        split,
        Labelling.SINGLE,
        labels,
        truth.stream().map(row -> "row").toList(),
        truth.toArray(int[][]::new),
        probabilities.toArray(float[][]::new),
        probabilities.stream().map(p -> new int[] {Metrics.argMax(p)}).toArray(int[][]::new),
        truth.isEmpty() ? 0 : loss / truth.size());
  }

  ScoreTables tables() {
    return new ScoreTables(scores());
  }
}
