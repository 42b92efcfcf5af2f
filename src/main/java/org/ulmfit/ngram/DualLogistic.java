package org.ulmfit.ngram;

import org.ulmfit.Stop;
import org.ulmfit.random.NumpyRandom;

/**
 * Logistic regression, loss ln(1 + exp(-margin)), by coordinate descent on its dual: w is Σ α y x
 * with 0 &lt; α &lt; cost, and one α after another is put where the dual's derivative along it,
 * margin + ln(α / (cost - α)), vanishes, by Newton's method. Yu, Huang and Lin 2011, Dual
 * Coordinate Descent Methods for Logistic Regression and Maximum Entropy Models, algorithm 5.
 */
final class DualLogistic {
  private static final int MOST_STEPS = 100;
  private static final double START = 1e-3; // α as a share of the cost, at most
  private static final double LOWEST_START = 1e-8;
  private static final double SHRINK = 0.1; // where a step would leave the interval
  private static final double FIRST_CARE = 1e-2;

  private final Problem problem;
  private final double[] w;
  private final double[] alpha;
  private final double[] rest; // cost - α, kept for its digits where α is nearly the cost
  private final double[] square;
  private double greatest; // gradient of a pass, where each row was visited
  private long steps; // of Newton's method in a pass
  private double care; // gradient at which a row's Newton steps end

  private DualLogistic(Problem problem) {
    this.problem = problem;
    this.w = new double[problem.dimension()];
    this.alpha = new double[problem.size()];
    this.rest = new double[problem.size()];
    this.square = new double[problem.size()];
    for (int i = 0; i < alpha.length; i++) {
      double cost = problem.costs()[i];
      alpha[i] = Math.min(START * cost, LOWEST_START);
      rest[i] = cost - alpha[i];
      square[i] = problem.square(i);
      problem.push(i, w, alpha[i]);
    }
  }

  static Solution minimum(Problem problem, SolverSettings settings, Stop stop) {
    return new DualLogistic(problem).run(settings, stop);
  }

  private Solution run(SolverSettings settings, Stop stop) {
    NumpyRandom random = new NumpyRandom(settings.seed());
    double least = Math.min(1e-8, settings.tolerance());
    care = FIRST_CARE;
    for (int pass = 1; pass <= settings.passes(); pass++) {
      stop.check(Learner.STOPPED);
      greatest = 0;
      steps = 0;
      for (int i : random.permutation(alpha.length)) {
        visit(i);
      }
      if (greatest <= settings.tolerance()) {
        return new Solution(w, true);
      }
      if (steps <= alpha.length / 10) {
        care = Math.max(least, SHRINK * care);
      }
    }
    return new Solution(w, false);
  }

  /** Solves for the smaller one of α and cost - α, which is where the digits are. */
  private void visit(int i) {
    double margin = problem.margin(i, w);
    double middle = square[i] * (rest[i] - alpha[i]) / 2 + margin; // derivative at cost / 2
    boolean lower = middle >= 0;
    double old = lower ? alpha[i] : rest[i];
    double slope = lower ? margin : -margin;
    greatest = Math.max(greatest, Math.abs(slope + Math.log(old / (lower ? rest[i] : alpha[i]))));
    double z = root(i, old, slope);
    if (z != old) {
      double other = problem.costs()[i] - z;
      problem.push(i, w, lower ? z - old : old - z);
      alpha[i] = lower ? z : other;
      rest[i] = lower ? other : z;
    }
  }

  /** Where square · (z - old) + slope + ln(z / (cost - z)) is 0, which lies below cost / 2. */
  private double root(int i, double old, double slope) {
    double cost = problem.costs()[i];
    double z = old > cost / 2 ? SHRINK * old : old;
    for (int step = 0; step < MOST_STEPS; step++) {
      double gradient = square[i] * (z - old) + slope + Math.log(z / (cost - z));
      if (Math.abs(gradient) < care) {
        break;
      }
      double next = z - gradient / (square[i] + cost / (cost - z) / z);
      z = Math.max(next > 0 ? next : SHRINK * z, Double.MIN_NORMAL);
      steps++;
    }
    return z;
  }
}
