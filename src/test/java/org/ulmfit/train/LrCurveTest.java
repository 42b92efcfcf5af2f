package org.ulmfit.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ulmfit.Golden;
import org.ulmfit.UlmfitException;

class LrCurveTest {

  @ParameterizedTest
  @CsvSource({
    "lr_find v07 linear start=1e-4 end=1e-2 nb=100, LINEAR, 1e-4, 1e-2, 100",
    "lr_find v07 exp start=1e-5 end=10 nb=100, EXPONENTIAL, 1e-5, 10, 100",
    "lr_find v1/fastai2 start=1e-7 end=10 num_it=100, EXPONENTIAL, 1e-7, 10, 100"
  })
  void ratesAreTheGoldenOnes(
      String key, RateSweep.Shape shape, double start, double end, int steps) {
    RateSweep sweep = new RateSweep(shape, start, end, steps);
    for (Map.Entry<String, JsonNode> one : Golden.numeric("schedules", key).properties()) {
      double rate = one.getValue().asDouble();
      assertEquals(rate, sweep.rate(Integer.parseInt(one.getKey())), 1e-8 * rate, key);
    }
  }

  /** The curve of the golden file, by its formula. */
  private static double golden(int k) {
    double loss = 5 - 3 / (1 + Math.exp(-(k - 55) / 6.0)) + 0.05 * Math.sin(k);
    return k > 78 ? loss + 0.01 * (k - 78) * (k - 78) : loss;
  }

  private static LrCurve curve(int points, IntToDoubleFunction loss) {
    List<LrCurve.Point> all = new ArrayList<>();
    for (int k = 0; k < points; k++) {
      all.add(new LrCurve.Point(RateSweep.USUAL.rate(k), loss.applyAsDouble(k)));
    }
    return new LrCurve(RateSweep.USUAL, all, false);
  }

  @ParameterizedTest
  @EnumSource(LrCurve.Method.class)
  void suggestionsAreTheGoldenOnes(LrCurve.Method method) {
    JsonNode expected = Golden.numeric("suggest", method.word());
    double rate = expected.isNumber() ? expected.asDouble() : expected.get("lr").asDouble();
    LrCurve curve = curve(100, LrCurveTest::golden);
    assertEquals(rate, curve.suggestion(method).orElseThrow().rate(), 1e-8 * rate);
  }

  @Test
  void aCurveThatOnlyFallsHasAllOfThem() {
    List<LrCurve.Suggestion> found = curve(100, k -> 5 - 0.01 * k).suggestions();
    assertEquals(List.of(LrCurve.Method.values()), found.stream().map(s -> s.method()).toList());
    for (LrCurve.Suggestion one : found) {
      assertTrue(one.rate() >= 1e-7 && one.rate() <= 10, one.toString());
    }
  }

  @Test
  void aSuggestionAtAnEndOfTheRatesIsKnown() {
    LrCurve.Method valley = LrCurve.Method.VALLEY;
    LrCurve.Method minimum = LrCurve.Method.MINIMUM;
    assertEquals(Optional.empty(), curve(100, LrCurveTest::golden).edge(valley));
    LrCurve rising = curve(100, k -> k);
    assertEquals(Optional.of(LrCurve.Edge.LOW), rising.edge(valley));
    assertEquals(Optional.of(LrCurve.Edge.LOW), rising.edge(minimum));
    LrCurve late = curve(100, k -> k < 90 ? k : 90 - k);
    assertEquals(Optional.of(LrCurve.Edge.HIGH), late.edge(valley));
    LrCurve falling = curve(100, k -> 5 - 0.01 * k);
    assertEquals(Optional.empty(), falling.edge(valley));
    assertEquals(Optional.of(LrCurve.Edge.HIGH), falling.edge(minimum));
    LrCurve blewUp = new LrCurve(RateSweep.USUAL, falling.points(), true);
    assertEquals(Optional.empty(), blewUp.edge(minimum));
    assertEquals(Optional.empty(), curve(20, k -> k).edge(valley)); // too short for a suggestion
  }

  @Test
  void aLinearSweepsEndsAreMeasuredByRates() {
    RateSweep sweep = new RateSweep(RateSweep.Shape.LINEAR, 0.01, 1, 100);
    List<LrCurve.Point> points = new ArrayList<>();
    for (int k = 0; k < 100; k++) { // lowest at rate 0.22 of 0.1 to 0.94
      points.add(new LrCurve.Point(sweep.rate(k), Math.abs(k - 22)));
    }
    LrCurve curve = new LrCurve(sweep, points, false);
    assertEquals(Optional.empty(), curve.edge(LrCurve.Method.MINIMUM));
  }

  @Test
  void aCurveThatBlowsUpAtOnceSuggestsNothing() {
    for (int points : new int[] {0, 1, 30}) {
      assertEquals(List.of(), curve(points, k -> 5 + k).suggestions(), points + " points");
    }
    assertEquals(4, curve(31, k -> 5 + k).suggestions().size());
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 100", "1, 1, 100", "2, 1, 100", "1e-7, Infinity, 100", "1e-7, 10, 39"})
  void aSweepThatDoesNotRiseOrIsTooShortIsRefused(double start, double end, int steps) {
    assertThrows(
        UlmfitException.class, () -> new RateSweep(RateSweep.Shape.EXPONENTIAL, start, end, steps));
  }
}
