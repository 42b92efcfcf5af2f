package org.ulmfit.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.ulmfit.Stop;
import org.ulmfit.classifier.Attribution;
import org.ulmfit.classifier.SavedModel;
import org.ulmfit.classifier.Target;
import org.ulmfit.text.Rules;
import org.ulmfit.vocab.Token;

/**
 * Explains what members answer together: each one's words are weighed by its own means, for what
 * its logits count in the whole.
 *
 * @param stop looked at between the answers that a weight takes
 */
record Explaining(
    List<SavedModel> members, Combination combination, SharedReading reading, Stop stop) {
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
    Words words = new Words(fields, tokens.get(0), reading.cutsWords(0));
    int[][] ids = new int[members.size()][];
    Arrays.setAll(
        ids, m -> members.get(m).vocab().ids(tokens.get(m).stream().map(Token::text).toList()));
    int[][] groups = new int[ids.length][];
    Arrays.setAll(groups, m -> words.of(tokens.get(m), rules(m)));
    Weighed weighed = weigh(ids, groups, Target.logOdds(answer.labelling(), label));
    double[] weights = new double[words.ranges().size()];
    double rest = 0;
    for (int m = 0; m < ids.length; m++) {
      double[] own = weighed.members.get(m).tokens();
      for (int t = 0; t < own.length; t++) {
        if (groups[m][t] < 0) {
          rest += own[t];
        } else {
          weights[groups[m][t]] += own[t];
        }
      }
    }
    double whole = weighed.whole();
    double baseline = weighed.baseline;
    String name = new ArrayList<>(answer.probabilities().keySet()).get(label);
    return new Explanation(
        name,
        Objects.requireNonNull(answer.probabilities().get(name)),
        baseline + whole,
        baseline,
        weighed(words, weights),
        rest,
        whole - rest - Arrays.stream(weights).sum(),
        method());
  }

  /**
   * What tokens add, of members that read alike.
   *
   * @param document ids (tokens)
   * @param groups (tokens) word of each; -1: none
   * @return (tokens)
   */
  double[] weigh(int[] document, int[] groups, Target odds) {
    int[][] ids = new int[members.size()][];
    int[][] same = new int[members.size()][];
    Arrays.fill(ids, document);
    Arrays.fill(same, groups);
    double[] sums = new double[document.length];
    for (Attribution own : weigh(ids, same, odds).members) {
      Arrays.setAll(sums, t -> sums[t] + own.tokens()[t]);
    }
    return sums;
  }

  /**
   * What each member's tokens add to the odds.
   *
   * @param baseline the odds where no word says anything
   */
  private record Weighed(double baseline, List<Attribution> members) {
    double whole() {
      return members.stream().mapToDouble(Attribution::whole).sum();
    }
  }

  private Weighed weigh(int[][] ids, int[][] groups, Target odds) {
    if (ids.length == 1) {
      Attribution own = members.get(0).explain(ids[0], groups[0], odds, stop);
      return new Weighed(odds.value(own.baseline()), List.of(own));
    }
    float[][] baselines = new float[ids.length][];
    Arrays.setAll(baselines, m -> members.get(m).baseline(ids[m], groups[m]));
    Target[] targets = targets(odds, baselines, ids);
    List<Attribution> weighed = new ArrayList<>();
    for (int m = 0; m < ids.length; m++) {
      weighed.add(members.get(m).explain(ids[m], groups[m], targets[m], stop));
    }
    return new Weighed(odds.value(combination.of(baselines)), weighed);
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
    List<String> methods = members.stream().map(SavedModel::method).distinct().toList();
    return methods.size() == 1 ? methods.get(0) : "of its members: " + String.join("; ", methods);
  }

  /**
   * What each member's logits count: of several, what the odds change by with each, the mean over
   * the straight way from the baselines to the answers, so that all members together are the whole.
   */
  private Target[] targets(Target odds, float[][] baselines, int[][] ids) {
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
