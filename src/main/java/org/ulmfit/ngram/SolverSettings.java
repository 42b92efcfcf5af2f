package org.ulmfit.ngram;

/**
 * When solvers end and what they draw from.
 *
 * @param tolerance for coordinate descent what margins may still be off by: the spread of the
 *     projected gradients (squared hinge) or the greatest gradient (logistic) of the dual within
 *     one pass; for softmax regression the greatest element of the gradient, as a share of what it
 *     is where all weights are 0
 * @param passes over the rows after which a solver ends in any case
 * @param seed of the order in which coordinate descent visits the rows, 0 to 2^32 - 1
 */
public record SolverSettings(double tolerance, int passes, long seed) {

  /** A thousandth of the hinge's margin, at which answers do not change any more; 1,000 passes. */
  public static SolverSettings seeded(long seed) {
    return new SolverSettings(1e-3, 1000, seed);
  }
}
