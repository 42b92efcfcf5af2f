package org.ulmfit.ngram;

import org.ulmfit.Stop;

/** Logistic regression, loss ln(1 + exp(-margin)), by L-BFGS on the weights themselves. */
record PrimalLogistic(Problem problem) implements Lbfgs.Function {

  static Solution minimum(Problem problem, SolverSettings settings, Stop stop) {
    Lbfgs.Minimum minimum =
        Lbfgs.minimum(new PrimalLogistic(problem), 1, problem.dimension(), settings, stop);
    return new Solution(minimum.x()[0], minimum.settled());
  }

  @Override
  public double at(double[][] x, double[][] gradient) {
    double[] w = x[0]; // (columns + 1)
    System.arraycopy(w, 0, gradient[0], 0, w.length);
    double value = 0;
    for (double element : w) {
      value += element * element / 2;
    }
    for (int i = 0; i < problem.size(); i++) {
      double margin = problem.margin(i, w);
      double cost = problem.costs()[i];
      value += cost * PlattScaling.softplus(-margin);
      problem.push(i, gradient[0], -cost / (1 + Math.exp(margin)));
    }
    return value;
  }
}
