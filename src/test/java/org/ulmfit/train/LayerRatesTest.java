package org.ulmfit.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulmfit.Golden;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;

class LayerRatesTest {

  static Stream<Arguments> ladders() {
    double down4 = Math.pow(2.6, 4);
    return Stream.of(
        arguments("2.6 ladder lr=3e-3 (5 groups)", lr(3e-3, 2.6)),
        arguments("2.6 ladder lr=1e-2 (5 groups)", lr(1e-2, 2.6)),
        arguments("even_mults(1e-2/2.6^4, 1e-2, 5)", slice(1e-2 / down4, 1e-2)),
        arguments("even_mults(5e-3/2.6^4, 5e-3, 5)", slice(5e-3 / down4, 5e-3)),
        arguments("even_mults(1e-5, 1e-3, 5)", slice(1e-5, 1e-3)),
        arguments("slice(2e-2) over 4 groups", slice(2e-2)),
        arguments("paper LM lrs lr=4e-3", list(4e-3 / 6, 4e-3 / 3, 4e-3, 4e-3 / 2)));
  }

  @ParameterizedTest
  @MethodSource("ladders")
  void ratesAreTheGoldenOnes(String key, Recipe.Rates rates) {
    double[] expected = Golden.doubles(Golden.numeric("schedules", key));
    double[] actual = LayerRates.of(rates, expected.length);
    assertEquals(expected.length, actual.length);
    for (int group = 0; group < expected.length; group++) {
      assertEquals(expected[group], actual[group], 1e-8 * expected[group], "group " + group);
    }
  }

  @Test
  void oneRateServesAllGroups() {
    assertArrayEquals(new double[] {1e-3, 1e-3, 1e-3, 1e-3}, LayerRates.of(lr(1e-3, null), 4));
    assertArrayEquals(new double[] {1e-3, 1e-3}, LayerRates.of(lr(1e-3, 1.0), 2));
  }

  @Test
  void oneGroupTakesTheLastRate() {
    assertArrayEquals(new double[] {1e-2}, LayerRates.of(slice(1e-3, 1e-2), 1));
    assertArrayEquals(new double[] {1e-2}, LayerRates.of(slice(1e-2), 1));
    assertArrayEquals(new double[] {1e-2}, LayerRates.of(lr(1e-2, 2.6), 1));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments(
            "rates.list: has 4 values but the model has 5 layer groups; give one rate for each,"
                + " first to last",
            list(1e-4, 1e-4, 1e-4, 1e-3)),
        arguments("rates.list: -1.0E-4 is not a positive number", list(1, 1, -1e-4, 1, 1)),
        arguments("rates.slice: has 3 values; give [first, last] or [last]", slice(1, 2, 3)),
        arguments("rates.slice: 0.0 is not a positive number", slice(0, 1)),
        arguments("rates.lr: NaN is not a positive number", lr(Double.NaN, null)),
        arguments("rates.factor: 0.0 is not a positive number", lr(1e-3, 0.0)),
        arguments(
            "rates.factor: has a meaning only beside rates.lr; remove it",
            new Recipe.Rates(null, 2.6, List.of(1.0), null)),
        arguments(
            "rates: 2 forms given; give exactly one of rates.lr, rates.list, rates.slice",
            new Recipe.Rates(1e-3, null, null, List.of(1e-3))),
        arguments(
            "rates: 0 forms given; give exactly one of rates.lr, rates.list, rates.slice",
            new Recipe.Rates(null, null, List.of(), List.of())));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void ratesThatDoNotFitAreRefusedByName(String message, Recipe.Rates rates) {
    var error = assertThrows(UlmfitException.class, () -> LayerRates.of(rates, 5));
    assertEquals(UlmfitException.Kind.USAGE, error.kind());
    assertEquals(message, error.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"-1, 5, 4", "-2, 5, 3", "-5, 5, 0", "0, 5, 0", "4, 5, 4", "-1, 4, 3"})
  void negativeIndicesCountFromTheLastGroup(int freezeTo, int groups, int first) {
    assertEquals(first, LayerRates.freezeTo(freezeTo, groups));
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6, -6})
  void thereIsNoSuchGroup(int freezeTo) {
    var error = assertThrows(UlmfitException.class, () -> LayerRates.freezeTo(freezeTo, 5));
    assertEquals(UlmfitException.Kind.USAGE, error.kind());
    assertTrue(error.getMessage().contains("use -5 to 4"), error.getMessage());
  }

  private static Recipe.Rates lr(double lr, Double factor) {
    return new Recipe.Rates(lr, factor, null, null);
  }

  private static Recipe.Rates list(double... rates) {
    return new Recipe.Rates(null, null, boxed(rates), null);
  }

  private static Recipe.Rates slice(double... ends) {
    return new Recipe.Rates(null, null, null, boxed(ends));
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
