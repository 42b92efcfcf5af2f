package org.ulmfit.ngram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;

/** What must hold at the solvers' minimum, whatever the data. */
class SolverTest {

  private interface Solver {
    Solution minimum(Problem problem, SolverSettings settings, Stop stop);
  }

  private enum Loss {
    HINGE(
        SquaredHinge::minimum, m -> Math.pow(Math.max(0, 1 - m), 2), m -> -2 * Math.max(0, 1 - m)),
    LOGISTIC(DualLogistic::minimum, m -> PlattScaling.softplus(-m), m -> -1 / (1 + Math.exp(m)));

    private final Solver solver;
    private final DoubleUnaryOperator loss;
    private final DoubleUnaryOperator slope;

    Loss(Solver solver, DoubleUnaryOperator loss, DoubleUnaryOperator slope) {
      this.solver = solver;
      this.loss = loss;
      this.slope = slope;
    }

    double objective(Problem p, double[] w) {
      double sum = Arrays.stream(w).map(e -> e * e / 2).sum();
      for (int i = 0; i < p.size(); i++) {
        sum += p.costs()[i] * loss.applyAsDouble(p.margin(i, w));
      }
      return sum;
    }

    double[] gradient(Problem p, double[] w) {
      double[] gradient = w.clone();
      for (int i = 0; i < p.size(); i++) {
        p.push(i, gradient, p.costs()[i] * slope.applyAsDouble(p.margin(i, w)));
      }
      return gradient;
    }
  }

  private static Problem problem(Random random, double strength) {
    Truth truth = Made.single(random, 30 + random.nextInt(100), 2);
    SparseMatrix x = Made.matrix(random, truth.labels(), 3 + random.nextInt(60));
    int[] rows = IntStream.range(0, x.rows()).filter(row -> row % 5 > 0).toArray();
    float[] weights = random.nextBoolean() ? null : new float[] {1, 3};
    return Problem.of(x, truth, rows, 0, strength, weights);
  }

  private static double greatest(double[] vector) {
    return Arrays.stream(vector).map(Math::abs).max().orElse(0);
  }

  @Test
  void theGradientVanishes() {
    Random random = new Random(11);
    for (double strength : new double[] {1e-3, 0.03, 1, 10}) {
      for (Loss loss : Loss.values()) {
        Problem p = problem(random, strength);
        Solution s = loss.solver.minimum(p, Made.tight(), new Stop());
        assertTrue(s.settled());
        double scale = greatest(loss.gradient(p, new double[p.dimension()]));
        assertEquals(0, greatest(loss.gradient(p, s.w())), 1e-6 * scale, loss + " " + strength);
      }
    }
  }

  /** Side by side, and begun where a smaller strength ended, as one by one in the dual. */
  @Test
  void newtonsMethodComesToTheSameMinimum() {
    Random random = new Random(17);
    for (int classes : new int[] {2, 4, 5}) {
      Truth truth = Made.several(random, 90, classes);
      SparseMatrix x = Made.matrix(random, truth.labels(), 30);
      int[] rows = IntStream.range(0, x.rows()).filter(row -> row % 5 > 0).toArray();
      float[] weights = classes == 4 ? new float[] {1, 3, 2, 1} : null;
      for (int first = 0; first < classes; first += NewtonLogistic.SIDE) {
        Solution[] before = null;
        for (double strength : new double[] {1e-3, 0.1, 10, 300}) {
          Solution[] found =
              new NewtonLogistic(x, truth, rows, first, strength, weights, before)
                  .minimum(1e-10, new Stop());
          assertEquals(Math.min(NewtonLogistic.SIDE, classes - first), found.length);
          for (int k = 0; k < found.length; k++) {
            Problem p = Problem.of(x, truth, rows, first + k, strength, weights);
            double[] w = found[k].w();
            double scale = greatest(Loss.LOGISTIC.gradient(p, new double[p.dimension()]));
            assertEquals(0, greatest(Loss.LOGISTIC.gradient(p, w)), 1e-7 * scale);
            assertTrue(found[k].settled());
            if (strength < 1) {
              assertArrayEquals(
                  DualLogistic.minimum(p, Made.tight(), new Stop()).w(), w, 1e-6, "" + strength);
            }
          }
          before = found;
        }
      }
    }
  }

  @Test
  void newtonsMethodCanBeStopped() {
    Random random = new Random(18);
    Truth truth = Made.several(random, 30, 3);
    SparseMatrix x = Made.matrix(random, truth.labels(), 5);
    Stop stop = new Stop();
    stop.request();
    NewtonLogistic newton = new NewtonLogistic(x, truth, Made.all(x), 0, 1, null, null);
    assertThrows(UlmfitException.class, () -> newton.minimum(1e-3, stop));
  }

  @Test
  void aRowTwiceIsARowOfTwiceTheCost() {
    Random random = new Random(12);
    for (Loss loss : Loss.values()) {
      Problem p = problem(random, 0.5);
      int size = p.size();
      double[] costs = p.costs().clone();
      costs[size - 1] *= 2;
      Problem costly = new Problem(p.x(), p.rows(), p.positive(), costs);
      int[] rows = Arrays.copyOf(p.rows(), size + 1);
      boolean[] positive = Arrays.copyOf(p.positive(), size + 1);
      double[] plain = Arrays.copyOf(p.costs(), size + 1);
      rows[size] = rows[size - 1];
      positive[size] = positive[size - 1];
      plain[size] = plain[size - 1];
      Problem twice = new Problem(p.x(), rows, positive, plain);
      Solution one = loss.solver.minimum(costly, Made.tight(), new Stop());
      Solution other = loss.solver.minimum(twice, Made.tight(), new Stop());
      assertArrayEquals(one.w(), other.w(), 1e-7, loss.name());
    }
  }

  @Test
  void theUsualToleranceIsCloseToTheMinimum() {
    Random random = new Random(13);
    for (Loss loss : Loss.values()) {
      for (double strength : new double[] {0.01, 0.3, 2}) {
        Problem p = problem(random, strength);
        Solution s = loss.solver.minimum(p, SolverSettings.seeded(1), new Stop());
        double best = loss.objective(p, loss.solver.minimum(p, Made.tight(), new Stop()).w());
        assertTrue(s.settled());
        assertEquals(1, loss.objective(p, s.w()) / best, 1e-3, loss + " " + strength);
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherOneTheSameMinimum() {
    for (Loss loss : Loss.values()) {
      Problem p = problem(new Random(14), 1);
      double[] w = loss.solver.minimum(p, Made.tight(), new Stop()).w();
      assertArrayEquals(w, loss.solver.minimum(p, Made.tight(), new Stop()).w(), 0);
      SolverSettings other = new SolverSettings(1e-9, 1_000_000, 8);
      assertArrayEquals(w, loss.solver.minimum(p, other, new Stop()).w(), 1e-7);
    }
  }

  @Test
  void rowsOfOneSideOnlyHaveAMinimumToo() {
    for (Loss loss : Loss.values()) {
      Problem p = problem(new Random(15), 1);
      Problem one = new Problem(p.x(), p.rows(), new boolean[p.size()], p.costs());
      Solution s = loss.solver.minimum(one, Made.tight(), new Stop());
      assertTrue(s.settled());
      assertTrue(s.w()[p.dimension() - 1] < 0);
    }
  }

  @Test
  void thatTheLastPassWasNotEnoughIsTold() {
    for (Loss loss : Loss.values()) {
      Problem p = problem(new Random(16), 100);
      Solution s = loss.solver.minimum(p, new SolverSettings(1e-9, 2, 1), new Stop());
      assertFalse(s.settled());
    }
  }

  @Test
  void solversCanBeStopped() {
    Stop stop = new Stop();
    stop.request();
    Problem p = problem(new Random(17), 1);
    for (Loss loss : Loss.values()) {
      UlmfitException e =
          assertThrows(UlmfitException.class, () -> loss.solver.minimum(p, Made.tight(), stop));
      assertEquals(UlmfitException.Kind.INTERRUPTED, e.kind());
    }
  }

  @Test
  void theGradientOfTheSoftmaxIsThatOfItsValueAndVanishes() {
    Random random = new Random(18);
    Truth truth = Made.single(random, 70, 4);
    SparseMatrix x = Made.matrix(random, truth.labels(), 9);
    int[] rows = IntStream.range(0, 60).toArray();
    var softmax = new SoftmaxRegression(x, truth, rows, 2, new float[] {1, 2, 0.5f, 1});
    double[][] w =
        IntStream.range(0, 4)
            .mapToObj(k -> random.doubles(10, -1, 1).toArray())
            .toArray(double[][]::new);
    double[][] gradient = new double[4][10];
    double[][] ignored = new double[4][10];
    softmax.at(w, gradient);
    for (int k = 0; k < 4; k++) {
      for (int c = 0; c < 10; c++) {
        double h = 1e-5;
        double at = w[k][c];
        w[k][c] = at + h;
        double above = softmax.at(w, ignored);
        w[k][c] = at - h;
        double below = softmax.at(w, ignored);
        w[k][c] = at;
        assertEquals((above - below) / (2 * h), gradient[k][c], 1e-5);
      }
    }
    List<Solution> solutions = softmax.minimum(Made.tight(), new Stop());
    double[][] found = solutions.stream().map(Solution::w).toArray(double[][]::new);
    softmax.at(found, gradient);
    assertTrue(solutions.get(0).settled());
    Arrays.stream(gradient).forEach(own -> assertEquals(0, greatest(own), 1e-6));
  }

  @Test
  void ofTwoClassesTheSoftmaxIsTheLogisticOfTheDifference() {
    Random random = new Random(19);
    Truth truth = Made.single(random, 50, 2);
    SparseMatrix x = Made.matrix(random, truth.labels(), 7);
    List<Solution> two =
        new SoftmaxRegression(x, truth, Made.all(x), 1, null).minimum(Made.tight(), new Stop());
    // |w|² / 2 of the difference is twice that of both halves
    Problem one = Problem.of(x, truth, Made.all(x), 0, 2, null);
    double[] difference = DualLogistic.minimum(one, Made.tight(), new Stop()).w();
    for (int c = 0; c < difference.length; c++) {
      assertEquals(difference[c], two.get(1).w()[c] - two.get(0).w()[c], 1e-6);
    }
  }

  @Test
  void aFunctionOfManyScalesIsMinimised() {
    Lbfgs.Function valley =
        (x, gradient) -> {
          double value = 0;
          for (int k = 0; k < x.length; k++) {
            for (int i = 0; i < x[k].length; i++) {
              double stiff = Math.pow(10, (k + i) % 5);
              double away = x[k][i] - k - i;
              value += stiff * away * away / 2 + Math.pow(away, 4);
              gradient[k][i] = stiff * away + 4 * Math.pow(away, 3);
            }
          }
          return value;
        };
    Lbfgs.Minimum minimum =
        Lbfgs.minimum(valley, 3, 20, new SolverSettings(1e-10, 1000, 0), new Stop());
    assertTrue(minimum.settled());
    for (int k = 0; k < 3; k++) {
      for (int i = 0; i < 20; i++) {
        assertEquals(k + i, minimum.x()[k][i], 1e-4);
      }
    }
  }
}
