package org.ulmfit.ngram;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;

/** {@link NgramLearner#regression}. */
record TfIdfRegression(boolean sublinear, float @Nullable [] weights, SolverSettings settings)
    implements NgramLearner {

  @Override
  public Fit<NgramModel> on(SparseMatrix counts, Truth truth, int[] rows) {
    TfIdf tfIdf = TfIdf.learn(counts, rows, sublinear);
    SparseMatrix x = tfIdf.of(counts);
    if (truth.labelling() == Labelling.SINGLE && !truth.isBinary()) {
      return (strengths, stop) -> // each on all processors
      strengths.stream()
              .map(c -> new SoftmaxRegression(x, truth, rows, c, weights).minimum(settings, stop))
              .map(each -> NgramModel.of(tfIdf, each.stream().map(Output::of).toList()))
              .toList();
    }
    return (strengths, stop) ->
        strengths.stream()
            .parallel()
            .map(c -> NgramModel.of(tfIdf, eachOutput(x, truth, rows, c, stop)))
            .toList();
  }

  private List<Output> eachOutput(
      SparseMatrix x, Truth truth, int[] rows, double strength, Stop stop) {
    return IntStream.range(0, truth.outputs())
        .parallel()
        .mapToObj(output -> Problem.of(x, truth, rows, output, strength, weights))
        .map(problem -> DualLogistic.minimum(problem, settings, stop))
        .map(Output::of)
        .toList();
  }
}
