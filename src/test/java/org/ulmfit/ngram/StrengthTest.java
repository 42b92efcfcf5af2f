package org.ulmfit.ngram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ulmfit.Labelling;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;

class StrengthTest {
  private static final SolverSettings SETTINGS = SolverSettings.seeded(3);
  private static final List<Double> GRID = List.of(0.01, 0.1, 1.0);
  private static final Consumer<String> NOBODY = line -> {};

  private static List<NgramLearner> learners() {
    return List.of(
        NgramLearner.regression(false, null, SETTINGS),
        NgramLearner.naiveBayesSvm(0.25, null, SETTINGS));
  }

  /** Rows are judged by what was learned, idf and ratios included, on the other folds' rows. */
  @Test
  void marginsAreThoseOfRowsHeldOut() {
    Random random = new Random(21);
    for (Truth truth :
        List.of(
            Made.single(random, 60, 2), Made.single(random, 60, 3), Made.several(random, 60, 3))) {
      SparseMatrix counts = Made.matrix(random, truth.labels(), 12);
      int[] folds = Folds.of(truth, 3, 5);
      for (NgramLearner learner : learners()) {
        Strength.Plan plan = new Strength.Plan(GRID, 3, Figure.ACCURACY, 5);
        Strength.Choice choice = Strength.choose(learner, counts, truth, plan, new Stop(), NOBODY);
        for (int fold = 0; fold < 3; fold++) {
          int own = fold;
          int[] others = IntStream.range(0, 60).filter(row -> folds[row] != own).toArray();
          SparseMatrix seen = emptied(counts, folds, own);
          NgramLearner.Fit<NgramModel> fit = learner.on(seen, truth, others);
          NgramModel model = on(fit.path(), choice.strength());
          NgramModel exact = fit.at(choice.strength(), new Stop());
          for (int row = 0; row < 60; row++) {
            if (folds[row] == own) {
              assertArrayEquals(model.margins(counts, row), choice.margins()[row], 0);
              assertArrayEquals(exact.margins(counts, row), choice.margins()[row], 0.02);
              assertEquals(truth.outputs(), choice.margins()[row].length);
            }
          }
        }
      }
    }
  }

  private static NgramModel on(NgramLearner.Path<NgramModel> path, double last) {
    for (double strength : GRID) {
      NgramModel model = path.next(strength, new Stop());
      if (strength == last) {
        return model;
      }
    }
    throw new AssertionError(last);
  }

  /** The matrix without what stands in a fold's rows. */
  private static SparseMatrix emptied(SparseMatrix counts, int[] folds, int fold) {
    SparseMatrix.Builder builder = new SparseMatrix.Builder(counts.rows(), counts.width());
    for (int row = 0; row < counts.rows(); row++) {
      NgramRow own = counts.row(row);
      if (folds[row] == fold) {
        builder.add(new int[0], new float[0]);
      } else {
        builder.add(own.columns(), own.counts());
      }
    }
    return builder.matrix();
  }

  @Test
  void theBestIsChosenAndAllAreTold() {
    Random random = new Random(22);
    Truth truth = Made.single(random, 90, 2);
    SparseMatrix counts = Made.matrix(random, truth.labels(), 40);
    List<String> told = new ArrayList<>();
    for (NgramLearner learner : learners()) {
      Strength.Plan plan = new Strength.Plan(List.of(.01, .1, 1.0), 5, Figure.MACRO_F1, 1);
      told.clear();
      Strength.Choice choice = Strength.choose(learner, counts, truth, plan, new Stop(), told::add);
      assertEquals(3, choice.trials().size());
      assertEquals(choice.trials().size(), told.size());
      assertTrue(told.get(0).matches("C = 0.01: macro F1 0\\.\\d{4} ± 0\\.\\d{4}"), told.get(0));
      Strength.Trial best =
          choice.trials().stream()
              .filter(t -> t.strength() == choice.strength())
              .findFirst()
              .orElseThrow();
      for (Strength.Trial trial : choice.trials()) {
        assertTrue(trial.figure() <= best.figure());
        assertTrue(trial.figure() < best.figure() || trial.strength() >= best.strength());
        assertTrue(trial.settled() && trial.deviation() > 0);
      }
      assertTrue(best.figure() > 0.6, choice.trials().toString());
      int[] all = Made.all(counts);
      assertEquals(best.figure(), Figure.MACRO_F1.of(truth, choice.margins(), all));
    }
  }

  @Test
  void labelsThatMeanNothingAreNotLearned() {
    Random random = new Random(23);
    Truth truth = Made.single(random, 400, 2);
    SparseMatrix counts = Made.matrix(random, Made.single(random, 400, 2).labels(), 200);
    for (NgramLearner learner : learners()) {
      Strength.Plan plan = new Strength.Plan(List.of(1.0), 4, Figure.ACCURACY, 2);
      Strength.Choice choice = Strength.choose(learner, counts, truth, plan, new Stop(), NOBODY);
      assertEquals(0.5, choice.trials().get(0).figure(), 0.1);
      assertFalse(choice.atEdge());
    }
  }

  /**
   * Weak weights do best on labels that are half noise; from where they get worse no more is tried.
   */
  @Test
  void whereTheFigureFallsNoMoreIsTried() {
    Random random = new Random(27);
    Truth truth = Made.single(random, 600, 2);
    double[][] x = new double[600][400];
    for (int row = 0; row < 600; row++) {
      int shown = random.nextInt(10) < 7 ? truth.labels()[row][0] : random.nextInt(2);
      x[row][shown] = 1;
      for (int i = 0; i < 20; i++) {
        x[row][2 + random.nextInt(398)] = 1;
      }
    }
    List<Double> grid = List.of(300.0, 0.01, 0.03, 100.0, 0.1, 1.0, 10.0);
    Strength.Plan plan = new Strength.Plan(grid, 5, Figure.ACCURACY, 1);
    List<String> told = new ArrayList<>();
    Strength.Choice choice =
        Strength.choose(
            NgramLearner.naiveBayesSvm(1, null, SETTINGS),
            Made.matrix(x),
            truth,
            plan,
            new Stop(),
            told::add);
    List<Strength.Trial> trials = choice.trials();
    assertTrue(trials.size() < grid.size(), told.toString());
    assertEquals(trials.size() + 1, told.size());
    String last = told.get(trials.size());
    assertTrue(last.endsWith("C = 300: not tried, as the figure falls"), last);
    Strength.Trial best =
        trials.stream().filter(t -> t.strength() == choice.strength()).findFirst().orElseThrow();
    for (int i = 1; i <= 2; i++) {
      double figure = trials.get(trials.size() - i).figure();
      assertTrue(figure < best.figure() - best.deviation() / Math.sqrt(5), told.toString());
    }
  }

  /** A label that few rows have is answered from a threshold of its own on, as the model will. */
  @Test
  void severalLabelsAreJudgedFromTheirThresholdsOn() {
    Random random = new Random(28);
    Truth truth = Made.several(random, 200, 3);
    SparseMatrix counts = Made.matrix(random, truth.labels(), 12);
    NgramLearner learner = NgramLearner.regression(false, null, SETTINGS);
    Strength.Cuts cuts = (margins, labels) -> new double[] {0.5, -1, -0.25};
    Strength.Plan plan = new Strength.Plan(List.of(1.0), 4, Figure.MICRO_F1, 2, cuts);
    Strength.Choice choice = Strength.choose(learner, counts, truth, plan, new Stop(), NOBODY);
    double[][] shifted = new double[200][];
    for (int row = 0; row < 200; row++) {
      double[] own = choice.margins()[row];
      shifted[row] = new double[] {own[0] - 0.5, own[1] + 1, own[2] + 0.25};
    }
    int[] all = Made.all(counts);
    double figure = choice.trials().get(0).figure();
    assertEquals(Figure.MICRO_F1.of(truth, shifted, all), figure);
    assertTrue(Figure.MICRO_F1.of(truth, choice.margins(), all) != figure);
  }

  @Test
  void anEdgeIsSeen() {
    double[][] none = {};
    List<Strength.Trial> trials =
        GRID.stream().map(c -> new Strength.Trial(c, 0.5, 0, true)).toList();
    assertTrue(new Strength.Choice(0.01, trials, none).atEdge());
    assertFalse(new Strength.Choice(0.1, trials, none).atEdge());
    assertTrue(new Strength.Choice(1, trials, none).atEdge());
  }

  @Test
  void itCanBeStopped() {
    Random random = new Random(24);
    Truth truth = Made.single(random, 60, 3);
    SparseMatrix counts = Made.matrix(random, truth.labels(), 12);
    for (NgramLearner learner : learners()) {
      Stop stop = new Stop();
      List<String> told = new ArrayList<>();
      Consumer<String> stopping =
          line -> {
            told.add(line);
            stop.request();
          };
      Strength.Plan plan = new Strength.Plan(GRID, 3, Figure.ACCURACY, 5);
      UlmfitException e =
          assertThrows(
              UlmfitException.class,
              () -> Strength.choose(learner, counts, truth, plan, stop, stopping));
      assertEquals(UlmfitException.Kind.INTERRUPTED, e.kind());
      assertEquals(1, told.size());
      assertTrue(told.get(0).startsWith("C = 0.01: accuracy "), told.get(0));
    }
  }

  @Test
  void plansThatCannotBeAreRefused() {
    Truth truth = Made.single(new Random(25), 3, 2);
    refused("name numbers above 0", () -> new Strength.Plan(List.of(), 3, Figure.ACCURACY, 1));
    refused(
        "name numbers above 0", () -> new Strength.Plan(List.of(1.0, 0.0), 3, Figure.ACCURACY, 1));
    refused(
        "name numbers above 0", () -> new Strength.Plan(List.of(0 / 0.0), 3, Figure.ACCURACY, 1));
    refused("there must be at least 2", () -> Folds.of(truth, 1, 1));
    refused("3 rows for 4 folds", () -> Folds.of(truth, 4, 1));
    refused("above 0 and at most 1", () -> NgramLearner.naiveBayesSvm(0, null, SETTINGS));
    refused("above 0 and at most 1", () -> NgramLearner.naiveBayesSvm(0 / 0.0, null, SETTINGS));
    refused("at least two", () -> new Truth(Labelling.SINGLE, 1, new int[][] {{0}}));
  }

  private static void refused(String why, Runnable what) {
    UlmfitException e = assertThrows(UlmfitException.class, what::run);
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void foldsAreOfOneSizeAndHaveTheirPartOfEachLabel() {
    Random random = new Random(26);
    for (Truth truth :
        List.of(
            Made.single(random, 103, 2),
            Made.single(random, 57, 9),
            Made.several(random, 200, 6))) {
      int[] folds = Folds.of(truth, 5, 1);
      boolean single = truth.labelling() == Labelling.SINGLE;
      even(IntStream.of(folds).toArray(), single ? 1 : 4);
      for (int k = 0; k < truth.classes(); k++) {
        int label = k;
        int[] having =
            IntStream.range(0, folds.length)
                .filter(row -> truth.has(row, label))
                .map(row -> folds[row])
                .toArray();
        even(having, single ? 1 : 5);
      }
      assertFalse(Arrays.equals(folds, Folds.of(truth, 5, 2)));
      assertArrayEquals(folds, Folds.of(truth, 5, 1));
    }
  }

  private static void even(int[] folds, int slack) {
    int[] sizes = new int[5];
    IntStream.of(folds).forEach(f -> sizes[f]++);
    int most = IntStream.of(sizes).max().orElseThrow();
    assertTrue(
        most - IntStream.of(sizes).min().orElseThrow() <= slack,
        IntStream.of(sizes).boxed().toList().toString());
  }
}
