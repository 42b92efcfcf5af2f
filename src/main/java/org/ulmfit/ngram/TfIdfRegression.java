package org.ulmfit.ngram;

import java.util.Arrays;
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
      return (strength, stop) ->
          NgramModel.of(
              tfIdf,
              outputs(
                  new SoftmaxRegression(x, truth, rows, strength, weights)
                      .minimum(settings, stop)));
    }
    return new Regressions(tfIdf, x, truth, rows);
  }

  private static List<Output> outputs(List<Solution> solutions) {
    return solutions.stream().map(Output::of).toList();
  }

  /** One for each output. */
  private final class Regressions implements Fit<NgramModel> {
    private final TfIdf tfIdf;
    private final SparseMatrix x;
    private final Truth truth;
    private final int[] rows;

    Regressions(TfIdf tfIdf, SparseMatrix x, Truth truth, int[] rows) {
      this.tfIdf = tfIdf;
      this.x = x;
      this.truth = truth;
      this.rows = rows;
    }

    @Override
    public NgramModel at(double strength, Stop stop) {
      return NgramModel.of(
          tfIdf,
          outputs(
              IntStream.range(0, truth.outputs())
                  .parallel()
                  .mapToObj(output -> Problem.of(x, truth, rows, output, strength, weights))
                  .map(problem -> DualLogistic.minimum(problem, settings, stop))
                  .toList()));
    }

    @Override
    public Path<NgramModel> path() {
      return truth.outputs() == 1 ? Fit.super.path() : new Rough();
    }

    /** By {@link NewtonLogistic}, some outputs at a time. */
    private final class Rough implements Path<NgramModel> {
      private static final double TOLERANCE = 1e-2; // LIBLINEAR's own
      private static final long KEPT = 5_000_000; // weights from strength to strength, at most

      private final boolean goesOn = (long) truth.outputs() * x.width() <= KEPT;
      private List<Solution[]> last = List.of(); // some outputs each

      @Override
      public NgramModel next(double strength, Stop stop) {
        List<Solution[]> before = last;
        List<Solution[]> now =
            IntStream.range(0, (truth.outputs() + NewtonLogistic.SIDE - 1) / NewtonLogistic.SIDE)
                .parallel()
                .mapToObj(
                    side ->
                        new NewtonLogistic(
                                x,
                                truth,
                                rows,
                                side * NewtonLogistic.SIDE,
                                strength,
                                weights,
                                before.isEmpty() ? null : before.get(side))
                            .minimum(TOLERANCE, stop))
                .toList();
        last = goesOn ? now : List.of();
        return NgramModel.of(tfIdf, outputs(now.stream().flatMap(Arrays::stream).toList()));
      }
    }
  }
}
