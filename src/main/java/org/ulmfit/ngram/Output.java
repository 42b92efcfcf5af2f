package org.ulmfit.ngram;

/**
 * One output of a model.
 *
 * @param weights (columns)
 * @param settled whether the solver ended within its tolerance
 */
record Output(float[] weights, float intercept, boolean settled) {

  /** Weights and intercept as a solver found them. */
  static Output of(Solution solution) {
    float[] weights = new float[solution.w().length - 1];
    for (int c = 0; c < weights.length; c++) {
      weights[c] = (float) solution.w()[c];
    }
    return of(weights, solution);
  }

  /** The intercept as a solver found it, beside weights that were made of what it found. */
  static Output of(float[] weights, Solution solution) {
    double[] w = solution.w();
    return new Output(weights, (float) w[w.length - 1], solution.settled());
  }
}
