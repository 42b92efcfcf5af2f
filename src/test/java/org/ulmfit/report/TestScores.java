package org.ulmfit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ulmfit.Labelling;
import org.ulmfit.train.Metrics;
import org.ulmfit.train.Scores;

/** Scores made row by row; of several labels those from 0.5 on are answered. */
final class TestScores {
  private final String split;
  private final Labelling labelling;
  private final List<String> labels;
  private final List<int[]> truth = new ArrayList<>();
  private final List<float[]> probabilities = new ArrayList<>();
  private final List<Integer> lengths = new ArrayList<>();
  private double loss;

  TestScores(String split, List<String> labels) {
    this(split, Labelling.SINGLE, labels);
  }

  TestScores(String split, Labelling labelling, List<String> labels) {
    this.split = split;
    this.labelling = labelling;
    this.labels = labels;
  }

  TestScores add(int label, float... p) {
    loss -= Math.log(Math.max(p[label], Float.MIN_NORMAL));
    return add(new int[] {label}, p);
  }

  TestScores add(int[] own, float... p) {
    if (labelling == Labelling.MULTI) {
      loss += crossEntropy(own, p);
    }
    truth.add(own);
    probabilities.add(p);
    return this;
  }

  /** Tokens of the row that was added last; of all rows or of none. */
  TestScores of(int tokens) {
    lengths.add(tokens);
    return this;
  }

  private static double crossEntropy(int[] own, float[] p) {
    double sum = 0;
    for (int label = 0; label < p.length; label++) {
      int l = label;
      boolean has = IntStream.of(own).anyMatch(o -> o == l);
      sum -= Math.log(Math.max(has ? p[label] : 1 - p[label], Float.MIN_NORMAL));
    }
    return sum / p.length;
  }

  Scores scores() {
    return new Scores(
        split,
        labelling,
        labels,
        truth.stream().map(row -> "row").toList(),
        truth.toArray(int[][]::new),
        probabilities.toArray(float[][]::new),
        probabilities.stream().map(this::answer).toArray(int[][]::new),
        truth.isEmpty() ? 0 : loss / truth.size(),
        lengths.stream().mapToInt(Integer::intValue).toArray());
  }

  private int[] answer(float[] p) {
    return labelling == Labelling.SINGLE
        ? new int[] {Metrics.argMax(p)}
        : IntStream.range(0, p.length).filter(label -> p[label] >= .5).toArray();
  }

  ScoreTables tables() {
    return new ScoreTables(scores());
  }
}
