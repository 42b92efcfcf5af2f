package org.ulmfit.ngram;

import org.ulmfit.Stop;
import org.ulmfit.random.NumpyRandom;

/**
 * The linear support vector machine with squared hinge loss, max(0, 1 - margin)², by coordinate
 * descent on its dual: w is Σ α y x, and one α ≥ 0 after another is put where the dual's derivative
 * along it vanishes. Rows whose α is 0 and would stay there are left out of the passes until the
 * others have settled. Hsieh et al. 2008, A Dual Coordinate Descent Method for Large-scale Linear
 * SVM, algorithm 3.
 */
final class SquaredHinge {
  private static final double SMALLEST_STEP = 1e-12;

  private final Problem problem;
  private final double[] w;
  private final double[] alpha;
  private final double[] curvature; // of the dual along each α
  private final int[] order;
  private int active; // how many of the order are looked at
  private double highest; // projected gradient of a pass
  private double lowest;

  private SquaredHinge(Problem problem) {
    this.problem = problem;
    this.w = new double[problem.dimension()];
    this.alpha = new double[problem.size()];
    this.curvature = new double[problem.size()];
    this.order = new int[problem.size()];
    this.active = order.length;
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
      curvature[i] = problem.square(i) + own(i);
    }
  }

  static Solution minimum(Problem problem, SolverSettings settings, Stop stop) {
    return new SquaredHinge(problem).run(settings, stop);
  }

  private Solution run(SolverSettings settings, Stop stop) {
    NumpyRandom random = new NumpyRandom(settings.seed());
    double bound = Double.POSITIVE_INFINITY; // above it a row at 0 is left out
    for (int pass = 1; pass <= settings.passes(); pass++) {
      stop.check(Learner.STOPPED);
      pass(random, bound);
      bound = highest > 0 ? highest : Double.POSITIVE_INFINITY;
      if (highest - lowest <= settings.tolerance()) {
        if (active == order.length) {
          return new Solution(w, true);
        }
        active = order.length;
        bound = Double.POSITIVE_INFINITY;
      }
    }
    return new Solution(w, false);
  }

  private void pass(NumpyRandom random, double bound) {
    highest = Double.NEGATIVE_INFINITY;
    lowest = Double.POSITIVE_INFINITY;
    shuffle(random);
    for (int at = 0; at < active; at++) {
      int i = order[at];
      double gradient = problem.margin(i, w) - 1 + alpha[i] * own(i);
      if (alpha[i] == 0 && gradient > bound) {
        swap(at--, --active);
        continue;
      }
      double projected = alpha[i] == 0 ? Math.min(0, gradient) : gradient;
      highest = Math.max(highest, projected);
      lowest = Math.min(lowest, projected);
      if (Math.abs(projected) > SMALLEST_STEP) {
        double next = Math.max(0, alpha[i] - gradient / curvature[i]);
        problem.push(i, w, next - alpha[i]);
        alpha[i] = next;
      }
    }
  }

  /** What the loss itself adds to the dual's curvature along α. */
  private double own(int i) {
    return 0.5 / problem.costs()[i];
  }

  private void shuffle(NumpyRandom random) {
    for (int at = active - 1; at > 0; at--) {
      swap(at, random.nextBounded(at));
    }
  }

  private void swap(int a, int b) {
    int kept = order[a];
    order[a] = order[b];
    order[b] = kept;
  }
}
