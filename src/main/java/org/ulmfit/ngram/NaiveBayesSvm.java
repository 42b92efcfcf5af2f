package org.ulmfit.ngram;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;

/** {@link NgramLearner#naiveBayesSvm}. */
record NaiveBayesSvm(double beta, float @Nullable [] weights, SolverSettings settings)
    implements NgramLearner {

  @Override
  public Fit<NgramModel> on(SparseMatrix counts, Truth truth, int[] rows) {
    return (strengths, stop) -> {
      List<List<Output>> machines =
          IntStream.range(0, truth.outputs())
              .parallel()
              .mapToObj(output -> machines(counts, truth, rows, output, strengths, stop))
              .toList();
      return IntStream.range(0, strengths.size())
          .mapToObj(c -> NgramModel.of(null, machines.stream().map(own -> own.get(c)).toList()))
          .toList();
    };
  }

  private List<Output> machines(
      SparseMatrix counts, Truth truth, int[] rows, int output, List<Double> strengths, Stop stop) {
    float[] ratio = NaiveBayesRatio.learn(counts, rows, row -> truth.positive(row, output));
    SparseMatrix x = counts.columnwise(ratio);
    return strengths.stream()
        .parallel()
        .map(c -> Problem.of(x, truth, rows, output, c, weights))
        .map(problem -> SquaredHinge.minimum(problem, settings, stop))
        .map(s -> Output.of(NaiveBayesRatio.weights(ratio, s.w(), beta), s))
        .toList();
  }
}
