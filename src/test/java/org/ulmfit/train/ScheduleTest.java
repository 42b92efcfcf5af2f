package org.ulmfit.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.Golden;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;

class ScheduleTest {

  private static final double BETA1 = 0.9;

  static Stream<Arguments> everyStep() {
    return Stream.of(
        arguments("clr(32,2) nb=10 lr=5e-4", 5e-4, clr(32, 2)),
        arguments("clr(20,10) nb=30 lr=1e-3", 1e-3, clr(20, 10)),
        arguments("clr(8,3) nb=12 lr=1e-2", 1e-2, clr(8, 3)),
        arguments("clr(32,10) nb=40 lr=1e-2", 1e-2, clr(32, 10)),
        arguments("clr(8,8) nb=16 lr=1e-2", 1e-2, clr(8, 8)),
        arguments("clr_beta(10,10) nb=20 lr=1e-2", 1e-2, triangle(Recipe.Curve.CLR_BETA, 10, 10)),
        arguments("cosanneal nb=20 lr=1e-2", 1e-2, kind(Recipe.Curve.COSINE)),
        arguments("stlr T=40 max=1e-2", 1e-2, triangle(Recipe.Curve.SLANTED_TRIANGULAR, 32, 10)),
        arguments("fastai2 flat_cos n=20 lr=1e-2", 1e-2, kind(Recipe.Curve.FLAT_COS)),
        arguments(
            "fastai2 fine_tune frozen phase n=10 base=2e-3 (last group)",
            2e-3,
            cycle(Recipe.Curve.ONE_CYCLE, null, 0.99)),
        arguments(
            "fastai2 fine_tune unfrozen n=10 (last group max=1e-3, div 5, pct .3)",
            1e-3,
            cycle(Recipe.Curve.ONE_CYCLE, 5.0, 0.3)));
  }

  @ParameterizedTest
  @MethodSource("everyStep")
  void ratesAreTheGoldenOnesAtEveryStep(String key, double peak, Recipe.Schedule recipe) {
    double[] expected = Golden.doubles(Golden.numeric("schedules", key));
    var schedule = Schedule.of(recipe, expected.length, BETA1);
    for (int step = 0; step < expected.length; step++) {
      assertClose(expected[step], peak * schedule.scale(step), key + " step " + step);
      assertEquals(BETA1, schedule.beta1(step));
    }
  }

  static Stream<Arguments> someSteps() {
    return Stream.of(
        arguments("clr(32,10) nb=47 lr=1e-2", 47, new double[] {1e-2}, clr(32, 10)),
        arguments("lesson stage1 nb=1042 (8,3)", 1042, new double[] {1e-4, 1e-3, 1e-2}, clr(8, 3)),
        arguments(
            "lesson stage2 nb=14588 (32,10)", 14588, new double[] {1e-4, 1e-3, 1e-2}, clr(32, 10)));
  }

  @ParameterizedTest
  @MethodSource("someSteps")
  void everyGroupScalesItsOwnPeak(String key, int steps, double[] peaks, Recipe.Schedule recipe) {
    var schedule = Schedule.of(recipe, steps, BETA1);
    var rows = Golden.numeric("schedules", key).properties();
    assertTrue(rows.size() >= 7);
    for (var row : rows) {
      int step = Integer.parseInt(row.getKey());
      for (int group = 0; group < peaks.length; group++) {
        JsonNode value = row.getValue();
        double expected = value.isArray() ? value.get(group).doubleValue() : value.doubleValue();
        assertClose(expected, peaks[group] * schedule.scale(step), key + " step " + step);
      }
    }
  }

  @Test
  void slantedTriangleStaysAtItsStartWhereThePrintedFormulaFallsBelowIt() {
    var schedule = Schedule.of(triangle(Recipe.Curve.SLANTED_TRIANGULAR, 32, 10), 47, BETA1);
    var rows = Golden.numeric("schedules", "stlr T=47 max=1e-2 (T not divisible by 10)");
    for (var row : rows.properties()) {
      int step = Integer.parseInt(row.getKey());
      double printed = row.getValue().doubleValue();
      assertEquals(step == 46, printed < 0);
      assertClose(Math.max(printed, 1e-2 / 32), 1e-2 * schedule.scale(step), "step " + step);
    }
  }

  static Stream<Arguments> momenta() {
    return Stream.of(
        arguments("clr(10,10,.95,.85) momenta nb=20", triangle(Recipe.Curve.CLR, 10, 10, .95, .85)),
        arguments(
            "clr_beta(10,10,.95,.85) momenta nb=20",
            triangle(Recipe.Curve.CLR_BETA, 10, 10, .95, .85)));
  }

  @ParameterizedTest
  @MethodSource("momenta")
  void momentumMovesAgainstTheRate(String key, Recipe.Schedule recipe) {
    double[] expected = Golden.doubles(Golden.numeric("schedules", key));
    var schedule = Schedule.of(recipe, expected.length, BETA1);
    for (int step = 0; step < expected.length; step++) {
      assertClose(expected[step], schedule.beta1(step), key + " step " + step);
    }
  }

  static Stream<Arguments> cycles() {
    return Stream.of(
        arguments(
            "v1 one_cycle n=20 max=1e-2 (lr,mom)",
            cycle(Recipe.Curve.ONE_CYCLE_1, null, null, .95, .85)),
        arguments(
            "v1 one_cycle n=20 max=1e-2 moms=(.8,.7)",
            cycle(Recipe.Curve.ONE_CYCLE_1, null, null, .8, .7)),
        arguments(
            "fastai2 one_cycle n=20 max=1e-2 (lr,mom)",
            cycle(Recipe.Curve.ONE_CYCLE, null, null, .8, .7, .8)),
        arguments(
            "fastai2 one_cycle n=20 max=1e-2 (lr,mom)",
            cycle(Recipe.Curve.ONE_CYCLE, 25., .25, .8, .7)));
  }

  @ParameterizedTest
  @MethodSource("cycles")
  void oneCycleDrivesRateAndMomentum(String key, Recipe.Schedule recipe) {
    double[][] expected = Golden.rowsOfDoubles(Golden.numeric("schedules", key));
    var schedule = Schedule.of(recipe, expected.length, BETA1);
    for (int step = 0; step < expected.length; step++) {
      assertClose(expected[step][0], 1e-2 * schedule.scale(step), key + " step " + step);
      assertClose(expected[step][1], schedule.beta1(step), key + " step " + step);
    }
  }

  @Test
  void constantIsConstant() {
    var schedule = Schedule.of(kind(Recipe.Curve.CONSTANT), 3, BETA1);
    assertEquals(3, schedule.steps());
    assertEquals(1, schedule.scale(0));
    assertEquals(1, schedule.scale(2));
    assertEquals(BETA1, schedule.beta1(1));
  }

  @ParameterizedTest
  @EnumSource
  void everyKindExists(Recipe.Curve kind) {
    assertEquals(10, Schedule.of(kind(kind), 10, BETA1).steps());
  }

  static Stream<Arguments> outOfBounds() {
    return Stream.of(
        arguments(
            "schedule.ratio: 0.5 is out of bounds; use at least 1.0",
            triangle(Recipe.Curve.CLR, .5, 2)),
        arguments("schedule.cut: 0.0 is out of bounds; use at least 1.0", clr(32, 0)),
        arguments(
            "schedule.cut: 120.0 is out of bounds; use 0.0 to 100.0",
            triangle(Recipe.Curve.CLR_BETA, 10, 120)),
        arguments(
            "schedule.pctStart: NaN is out of bounds; use 0.0 to 1.0",
            cycle(Recipe.Curve.ONE_CYCLE, 25.0, Double.NaN)),
        arguments(
            "schedule.div: 0.0 is out of bounds; use at least 1.0",
            cycle(Recipe.Curve.ONE_CYCLE, 0.0, null)),
        arguments(
            "schedule.moms: 1 values do not fit \"clr\"; give none or 2",
            triangle(Recipe.Curve.CLR, 32, 10, .9)),
        arguments(
            "schedule.moms: 2 values do not fit \"cosine\"; give none",
            triangle(Recipe.Curve.COSINE, 32, 10, .9, .8)),
        arguments(
            "schedule.moms: 3 values do not fit \"one-cycle-1\"; give none or 2",
            cycle(Recipe.Curve.ONE_CYCLE_1, null, null, .9, .8, .9)));
  }

  @ParameterizedTest
  @MethodSource("outOfBounds")
  void valuesOutOfBoundsAreNamed(String message, Recipe.Schedule recipe) {
    var error = assertThrows(UlmfitException.class, () -> Schedule.of(recipe, 10, BETA1));
    assertEquals(UlmfitException.Kind.USAGE, error.kind());
    assertEquals(message, error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.0, Double.NaN})
  void momentumMustBeBelowOne(double mom) {
    assertThrows(
        UlmfitException.class,
        () -> Schedule.of(triangle(Recipe.Curve.CLR, 32, 10, mom, 0.8), 10, BETA1));
  }

  /** Golden numbers carry ten significant digits. */
  private static void assertClose(double expected, double actual, String what) {
    assertEquals(expected, actual, 1e-8 * Math.abs(expected), what);
  }

  static Recipe.Schedule kind(Recipe.Curve kind) {
    return new Recipe.Schedule(kind, null, null, null, null, null, null);
  }

  static Recipe.Schedule clr(double ratio, double cut) {
    return triangle(Recipe.Curve.CLR, ratio, cut);
  }

  static Recipe.Schedule triangle(Recipe.Curve kind, double ratio, double cut, Double... moms) {
    return new Recipe.Schedule(kind, ratio, cut, null, null, null, List.of(moms));
  }

  static Recipe.Schedule cycle(Recipe.Curve kind, Double div, Double pctStart, Double... moms) {
    return new Recipe.Schedule(kind, null, null, div, null, pctStart, List.of(moms));
  }
}
