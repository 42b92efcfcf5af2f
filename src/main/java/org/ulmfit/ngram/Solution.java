package org.ulmfit.ngram;

/**
 * Where a solver ended.
 *
 * @param w (columns + 1), the intercept last
 * @param settled whether it came within its tolerance
 */
record Solution(double[] w, boolean settled) {}
