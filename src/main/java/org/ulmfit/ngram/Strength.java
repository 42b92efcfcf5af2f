package org.ulmfit.ngram;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
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

  /** After so many strengths in a row that do clearly worse no greater one is tried. */
  private static final int WORSE = 2;

  /** From which margin on each output is answered, of several labels a row. */
  public interface Cuts {
    /**
     * Chooses.
     *
     * @param margins (rows, outputs) of rows held out
     * @param labels indices of each row's labels
     * @return (outputs)
     */
    double[] of(double[][] margins, int[][] labels);
  }

  /**
   * What to try.
   *
   * @param strengths at least one value of C, above 0
   * @param folds at least 2
   * @param seed of which row falls into which fold, 0 to 2^32 - 1
   * @param cuts as the model will have them; null: 0
   */
  public record Plan(
      List<Double> strengths, int folds, Figure figure, long seed, @Nullable Cuts cuts) {

    /** With answers from a margin of 0 on. */
    public Plan(List<Double> strengths, int folds, Figure figure, long seed) {
      this(strengths, folds, figure, seed, null);
    }

    /**
     * @throws UlmfitException (usage) if there is no strength, or one that is not above 0
     */
    public Plan {
      strengths = strengths.stream().sorted().toList();
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
   * @param margins (rows, outputs) at that strength, of the model that was not learned on the row;
   *     as exact as {@link NgramLearner.Path}
   */
  public record Choice(double strength, List<Trial> trials, double[][] margins) {

    /** Whether a strength beyond the smallest or greatest that was tried might do better. */
    public boolean atEdge() {
      return trials.size() > 1
          && (trials.stream().allMatch(t -> t.strength() >= strength)
              || trials.stream().allMatch(t -> t.strength() <= strength));
    }
  }

  private final X x;
  private final Truth truth;
  private final Plan plan;
  private final Stop stop;
  private final int[] folds; // of each row
  private final List<Learner.Path<M>> paths; // of the folds

  private Strength(Learner<X, M> learner, X x, Truth truth, Plan plan, Stop stop) {
    this.x = x;
    this.truth = truth;
    this.plan = plan;
    this.stop = stop;
    this.folds = Folds.of(truth, plan.folds(), plan.seed());
    this.paths =
        IntStream.range(0, plan.folds())
            .mapToObj(fold -> learner.on(x, truth, rows(fold, false)).path())
            .toList();
  }

  /**
   * Tries the plan's strengths from the smallest up, until greater ones do clearly worse: two in a
   * row by more than the standard error of the best.
   *
   * @param x (rows, columns)
   * @param told gets a line for each strength
   * @throws UlmfitException (bad data) if there are fewer rows than folds; (interrupted) if stopped
   */
  public static <X extends Matrix, M extends LinearModel<X>> Choice choose(
      Learner<X, M> learner, X x, Truth truth, Plan plan, Stop stop, Consumer<String> told) {
    return new Strength<>(learner, x, truth, plan, stop).choose(told);
  }

  private Choice choose(Consumer<String> told) {
    List<Trial> trials = new ArrayList<>();
    Trial best = null;
    double[][] margins = {};
    int worse = 0;
    for (double strength : plan.strengths()) {
      if (worse == WORSE) {
        List<Double> left = plan.strengths().subList(trials.size(), plan.strengths().size());
        told.accept(
            left.stream().map(c -> "C = " + plain(c)).collect(Collectors.joining(", "))
                + ": not tried, as the figure falls");
        break;
      }
      double[][] held = new double[x.rows()][];
      Trial trial = trial(strength, held);
      trials.add(trial);
      told.accept(line(trial));
      if (best == null || trial.figure() > best.figure()) {
        best = trial;
        margins = held;
      }
      double error = best.deviation() / Math.sqrt(plan.folds());
      worse = trial.figure() < best.figure() - error ? worse + 1 : 0;
    }
    return new Choice(Objects.requireNonNull(best).strength(), trials, margins);
  }

  /**
   * Judges every row by what was learned on the other folds' rows.
   *
   * @param margins (rows, outputs) is filled
   */
  private Trial trial(double strength, double[][] margins) {
    boolean[] settled = new boolean[plan.folds()];
    IntStream all = IntStream.range(0, plan.folds());
    // of several outputs one fold after another, for the memory's sake: these run side by side
    (truth.outputs() == 1 ? all.parallel() : all)
        .forEach(
            fold -> {
              M model = paths.get(fold).next(strength, stop);
              settled[fold] = model.settled();
              IntStream.of(rows(fold, true))
                  .parallel()
                  .forEach(row -> margins[row] = model.margins(x, row));
            });
    double[][] cut = cut(margins);
    double[] own =
        IntStream.range(0, plan.folds())
            .mapToDouble(fold -> plan.figure().of(truth, cut, rows(fold, true)))
            .toArray();
    double mean = Arrays.stream(own).sum() / own.length;
    double square = Arrays.stream(own).map(f -> (f - mean) * (f - mean)).sum();
    return new Trial(
        strength,
        plan.figure().of(truth, cut, IntStream.range(0, margins.length).toArray()),
        Math.sqrt(square / (own.length - 1)),
        IntStream.range(0, settled.length).allMatch(fold -> settled[fold]));
  }

  /** Margins (rows, outputs) that are answered from 0 on. */
  private double[][] cut(double[][] margins) {
    if (plan.cuts() == null) {
      return margins;
    }
    double[] cuts = plan.cuts().of(margins, truth.labels());
    double[][] cut = new double[margins.length][cuts.length];
    for (int row = 0; row < cut.length; row++) {
      for (int output = 0; output < cuts.length; output++) {
        cut[row][output] = margins[row][output] - cuts[output];
      }
    }
    return cut;
  }

  private String line(Trial trial) {
    return Shown.format(
        "C = %s: %s %.4f ± %.4f%s",
        plain(trial.strength()),
        plan.figure().word(),
        trial.figure(),
        trial.deviation(),
        trial.settled() ? "" : ", not settled");
  }

  private static String plain(double strength) {
    return BigDecimal.valueOf(strength).stripTrailingZeros().toPlainString();
  }

  private int[] rows(int fold, boolean inside) {
    return IntStream.range(0, folds.length).filter(row -> (folds[row] == fold) == inside).toArray();
  }
}
