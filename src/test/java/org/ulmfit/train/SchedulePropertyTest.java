package org.ulmfit.train;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ulmfit.train.ScheduleTest.clr;
import static org.ulmfit.train.ScheduleTest.cycle;
import static org.ulmfit.train.ScheduleTest.kind;
import static org.ulmfit.train.ScheduleTest.triangle;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.ulmfit.config.Recipe;

class SchedulePropertyTest {

  private static final double BETA1 = 0.9;

  @Property
  void noScheduleLeavesItsBoundsHoweverShortThePhase(
      @ForAll @From("recipes") Recipe.Schedule recipe, @ForAll @IntRange(min = 1, max = 60) int n) {
    var schedule = Schedule.of(recipe, n, BETA1);
    for (int step = 0; step < n; step++) {
      double scale = schedule.scale(step);
      assertTrue(
          scale > 0 && scale <= 1 + 1e-12, recipe + " " + n + " step " + step + ": " + scale);
      double beta1 = schedule.beta1(step);
      assertTrue(beta1 >= 0.7 - 1e-12 && beta1 <= 0.95 + 1e-12, recipe + " step " + step);
    }
    assertThrows(IndexOutOfBoundsException.class, () -> schedule.scale(n));
  }

  @Provide
  Arbitrary<Recipe.Schedule> recipes() {
    return Arbitraries.of(
        kind(Recipe.Curve.CONSTANT),
        kind(Recipe.Curve.COSINE),
        kind(Recipe.Curve.FLAT_COS),
        clr(32, 10),
        triangle(Recipe.Curve.CLR, 8, 3, .95, .85),
        clr(32, 1),
        triangle(Recipe.Curve.SLANTED_TRIANGULAR, 32, 10),
        triangle(Recipe.Curve.SLANTED_TRIANGULAR, 32, 1),
        triangle(Recipe.Curve.CLR_BETA, 10, 10, .95, .85),
        triangle(Recipe.Curve.CLR_BETA, 10, 0, .95, .85),
        triangle(Recipe.Curve.CLR_BETA, 10, 100),
        cycle(Recipe.Curve.ONE_CYCLE_1, null, null, .95, .85),
        cycle(Recipe.Curve.ONE_CYCLE_1, null, 0.0),
        cycle(Recipe.Curve.ONE_CYCLE_1, null, 1.0),
        cycle(Recipe.Curve.ONE_CYCLE, null, null, .8, .7, .8),
        cycle(Recipe.Curve.ONE_CYCLE, null, 0.0),
        cycle(Recipe.Curve.ONE_CYCLE, null, 1.0));
  }
}
