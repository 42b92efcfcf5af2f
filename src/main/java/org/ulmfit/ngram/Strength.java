package org.ulmfit.ngram;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;

/**
 * Chooses how strongly rows pull at the weights (C) on rows held out, fold by fold. What is learned
 * before the weights, idf and ratios, is learned on a fold's training rows, too. Only which n-grams
 * have a column at all was decided on all rows, without looking at a label.
 *
 * @param <X> the matrix of the rows
 * @param <M> the model
 */
public final class Strength<X extends Matrix, M extends LinearModel<X>> {

  /**
   * What to try.
   *
   * @param strengths at least one value of C, above 0
   * @param folds at least 2
   * @param seed of which row falls into which fold, 0 to 2^32 - 1
   */
  public record Plan(List<Double> strengths, int folds, Figure figure, long seed) {

    /**
     * @throws UlmfitException (usage) if there is no strength, or one that is not above 0
     */
    public Plan {
      strengths = List.copyOf(strengths);
      if (strengths.isEmpty() || !strengths.stream().allMatch(c -> c > 0 && c < 1 / 0.0)) {
        throw UlmfitException.usage("strengths " + strengths + ": name numbers above 0");
      }
    }
  }

  /**
   * How one strength did.
   *
   * @param figure over all rows, each judged by the model that was not learned on it
   * @param deviation standard deviation of the folds' own figures (n - 1)
   * @param settled whether every fold's solver ended within its tolerance
   */
  public record Trial(double strength, double figure, double deviation, boolean settled) {}

  /**
   * What was chosen.
   *
   * @param strength with the best figure; the smallest of them
   * @param margins (rows, outputs) at that strength, of the model that was not learned on the row
   */
  public record Choice(double strength, List<Trial> trials, double[][] margins) {

    /** Whether a strength beyond the smallest or greatest that was tried might do better. */
    public boolean atEdge() {
      return trials.size() > 1
          && (trials.stream().allMatch(t -> t.strength() >= strength)
              || trials.stream().allMatch(t -> t.strength() <= strength));
    }
  }

  private final Learner<X, M> learner;
  private final X x;
  private final Truth truth;
  private final Plan plan;
  private final Stop stop;
  private final double[][][] margins; // (strengths, rows, outputs)
  private final boolean[] settled;

  private Strength(Learner<X, M> learner, X x, Truth truth, Plan plan, Stop stop) {
    this.learner = learner;
    this.x = x;
    this.truth = truth;
    this.plan = plan;
    this.stop = stop;
    this.margins = new double[plan.strengths().size()][x.rows()][];
    this.settled = new boolean[margins.length];
  }

  /**
   * Tries the plan's strengths.
   *
   * @param x (rows, columns)
   * @param told gets a line after each fold and one for each strength
   * @throws UlmfitException (bad data) if there are fewer rows than folds; (interrupted) if stopped
   */
  public static <X extends Matrix, M extends LinearModel<X>> Choice choose(
      Learner<X, M> learner, X x, Truth truth, Plan plan, Stop stop, Consumer<String> told) {
    return new Strength<>(learner, x, truth, plan, stop).choose(told);
  }

  private Choice choose(Consumer<String> told) {
    int[] folds = Folds.of(truth, plan.folds(), plan.seed());
    Arrays.fill(settled, true);
    for (int fold = 0; fold < plan.folds(); fold++) {
      hold(folds, fold);
      told.accept(String.format(Locale.ROOT, "fold %d of %d", fold + 1, plan.folds()));
    }
    List<Trial> trials = IntStream.range(0, margins.length).mapToObj(c -> trial(c, folds)).toList();
    int best = 0;
    for (int c = 0; c < margins.length; c++) {
      Trial trial = trials.get(c);
      told.accept(line(trial));
      double ahead = trial.figure() - trials.get(best).figure();
      if (ahead > 0 || ahead == 0 && trial.strength() < trials.get(best).strength()) {
        best = c;
      }
    }
    return new Choice(trials.get(best).strength(), trials, margins[best]);
  }

  /** Learns on the other folds' rows and judges this one's. */
  private void hold(int[] folds, int fold) {
    int[] others = rows(folds, fold, false);
    int[] held = rows(folds, fold, true);
    Learner.Fit<M> fit = learner.on(x, truth, others);
    if (truth.outputs() == 1) { // all at once, for the processors' sake
      List<M> models = fit.at(plan.strengths(), stop);
      IntStream.range(0, margins.length).forEach(c -> judge(models.get(c), c, held));
      return;
    }
    for (int c = 0; c < margins.length; c++) { // one at a time, for the memory's
      judge(fit.at(List.of(plan.strengths().get(c)), stop).get(0), c, held);
    }
  }

  private void judge(M model, int c, int[] held) {
    settled[c] &= model.settled();
    IntStream.of(held).parallel().forEach(row -> margins[c][row] = model.margins(x, row));
  }

  private Trial trial(int c, int[] folds) {
    int[] all = IntStream.range(0, folds.length).toArray();
    double[] own =
        IntStream.range(0, plan.folds())
            .mapToDouble(fold -> plan.figure().of(truth, margins[c], rows(folds, fold, true)))
            .toArray();
    double mean = Arrays.stream(own).sum() / own.length;
    double square = Arrays.stream(own).map(f -> (f - mean) * (f - mean)).sum();
    return new Trial(
        plan.strengths().get(c),
        plan.figure().of(truth, margins[c], all),
        Math.sqrt(square / (own.length - 1)),
        settled[c]);
  }

  private String line(Trial trial) {
    return String.format(
        Locale.ROOT,
        "C = %s: %s %.4f ± %.4f%s",
        BigDecimal.valueOf(trial.strength()).stripTrailingZeros().toPlainString(),
        plan.figure().word(),
        trial.figure(),
        trial.deviation(),
        trial.settled() ? "" : ", not settled");
  }

  private static int[] rows(int[] folds, int fold, boolean inside) {
    return IntStream.range(0, folds.length).filter(row -> (folds[row] == fold) == inside).toArray();
  }
}
