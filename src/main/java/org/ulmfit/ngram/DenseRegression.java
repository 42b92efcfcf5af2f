package org.ulmfit.ngram;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;

/**
 * L2-regularised logistic regression of rows of numbers as they are: on all classes at once where a
 * row has one of more than two, otherwise a regression for each output. By L-BFGS: columns are few
 * and depend on one another, which coordinate descent would take many passes to find out.
 *
 * @param weights (labels) of the rows' losses, as {@link NgramLearner#naiveBayesSvm}'s; null: 1
 */
public record DenseRegression(float @Nullable [] weights, SolverSettings settings)
    implements Learner<DenseMatrix, DenseModel> {

  @Override
  public Fit<DenseModel> on(DenseMatrix x, Truth truth, int[] rows) {
    return (strength, stop) -> DenseModel.of(outputs(x, truth, rows, strength, stop));
  }

  private List<Output> outputs(DenseMatrix x, Truth truth, int[] rows, double strength, Stop stop) {
    if (truth.labelling() == Labelling.SINGLE && !truth.isBinary()) {
      SoftmaxRegression all = new SoftmaxRegression(x, truth, rows, strength, weights);
      return all.minimum(settings, stop).stream().map(Output::of).toList();
    }
    return IntStream.range(0, truth.outputs())
        .parallel()
        .mapToObj(output -> Problem.of(x, truth, rows, output, strength, weights))
        .map(problem -> PrimalLogistic.minimum(problem, settings, stop))
        .map(Output::of)
        .toList();
  }
}
