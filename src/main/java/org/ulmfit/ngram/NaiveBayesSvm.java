package org.ulmfit.ngram;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;

/** {@link NgramLearner#naiveBayesSvm}. */
record NaiveBayesSvm(double beta, float @Nullable [] weights, SolverSettings settings)
    implements NgramLearner {

  @Override
  public Fit<NgramModel> on(SparseMatrix counts, Truth truth, int[] rows) {
    return (strength, stop) ->
        NgramModel.of(
            null,
            IntStream.range(0, truth.outputs())
                .parallel()
                .mapToObj(output -> machine(counts, truth, rows, output, strength, stop))
                .toList());
  }

  private Output machine(
      SparseMatrix counts, Truth truth, int[] rows, int output, double strength, Stop stop) {
    float[] ratio = NaiveBayesRatio.learn(counts, rows, row -> truth.positive(row, output));
    Problem problem = Problem.of(counts.columnwise(ratio), truth, rows, output, strength, weights);
    Solution found = SquaredHinge.minimum(problem, settings, stop);
    return Output.of(NaiveBayesRatio.weights(ratio, found.w(), beta), found);
  }
}
