package org.ulmfit.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ulmfit.classifier.Attribution;
import org.ulmfit.classifier.Target;
import org.ulmfit.text.Rules;
import org.ulmfit.vocab.Token;

/**
 * Explains what members answer together: each one's words are weighed by its own means, for what
 * its logits count in the whole.
 */
record Explaining(List<Member> members, Combination combination, SharedReading reading) {
  private static final int POINTS = 64; // of the way on which members' say is averaged

  /**
   * Weighs the words of one row.
   *
   * @param fields the row's texts
   * @param answer what is explained
   * @param label index of the label
   */
  Explanation explain(List<String> fields, Prediction answer, int label) {
    List<List<Token>> tokens = reading.located(fields);
    Words words = new Words(fields, tokens.get(0), reading.makesPieces(0));
    int[][] ids = new int[members.size()][];
    Arrays.setAll(
        ids, m -> members.get(m).vocab().ids(tokens.get(m).stream().map(Token::text).toList()));
    int[][] groups = new int[ids.length][];
    Arrays.setAll(groups, m -> words.of(tokens.get(m), rules(m)));
    float[][] baselines = new float[ids.length][];
    Arrays.setAll(baselines, m -> members.get(m).baseline(ids[m], groups[m]));
    Target odds = Target.logOdds(answer.labelling(), label);
    Target[] targets = targets(odds, baselines, ids);
    double baseline = odds.value(combination.of(baselines));
    double[] weights = new double[words.ranges().size()];
    double whole = 0;
    double rest = 0;
    for (int m = 0; m < ids.length; m++) {
      Attribution own = members.get(m).explain(ids[m], groups[m], targets[m]);
      whole += own.whole();
      for (int t = 0; t < groups[m].length; t++) {
        if (groups[m][t] < 0) {
          rest += own.tokens()[t];
        } else {
          weights[groups[m][t]] += own.tokens()[t];
        }
      }
    }
    String name = new ArrayList<>(answer.probabilities().keySet()).get(label);
    return new Explanation(
        name,
        answer.probabilities().get(name),
        baseline + whole,
        baseline,
        weighed(words, weights),
        rest,
        whole - rest - Arrays.stream(weights).sum(),
        method());
  }

  private Rules rules(int member) {
    return members.get(member).config().readingRecipe().text().rules();
  }

  private static List<Explanation.Word> weighed(Words words, double[] weights) {
    return IntStream.range(0, weights.length)
        .mapToObj(
            w -> {
              Words.Range range = words.ranges().get(w);
              return new Explanation.Word(
                  range.field(), range.start(), range.end(), words.text(range), weights[w]);
            })
        .toList();
  }

  private String method() {
    List<String> methods = members.stream().map(Member::method).distinct().toList();
    return methods.size() == 1 ? methods.get(0) : "of its members: " + String.join("; ", methods);
  }

  /**
   * What each member's logits count: of several, what the odds change by with each, the mean over
   * the straight way from the baselines to the answers, so that all members together are the whole.
   */
  private Target[] targets(Target odds, float[][] baselines, int[][] ids) {
    if (ids.length == 1) {
      return new Target[] {odds};
    }
    float[][] ends = new float[ids.length][];
    Arrays.setAll(ends, m -> members.get(m).logits(new int[][] {ids[m]})[0]);
    int classes = ends[0].length;
    float[][] weights = new float[ids.length][classes];
    for (int p = 0; p < POINTS; p++) {
      float[][] at = between(baselines, ends, (p + .5) / POINTS);
      double[][] gradient = combination.gradient(at, odds.gradient(combination.of(at)));
      for (int m = 0; m < weights.length; m++) {
        for (int c = 0; c < classes; c++) {
          weights[m][c] += (float) (gradient[m][c] / POINTS);
        }
      }
    }
    return Arrays.stream(weights).map(Target::weighted).toArray(Target[]::new);
  }

  private static float[][] between(float[][] from, float[][] to, double part) {
    float[][] at = new float[from.length][from[0].length];
    for (int m = 0; m < at.length; m++) {
      for (int c = 0; c < at[m].length; c++) {
        at[m][c] = (float) (from[m][c] + part * (to[m][c] - from[m][c]));
      }
    }
    return at;
  }
}
