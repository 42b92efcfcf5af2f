package org.ulmfit.train;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.nn.LayerGroup;

/**
 * Discriminative learning rates and freezing by layer group (Howard and Ruder 2018, section 3.2).
 */
public final class LayerRates {

  private LayerRates() {}

  /**
   * Peak learning rates of the layer groups, first to last.
   *
   * @param groups number of layer groups of the model: language model 4, classifier 5
   * @throws UlmfitException (usage) if the rates are not given in exactly one form, do not fit the
   *     number of groups or are not positive
   */
  public static double[] of(Recipe.Rates rates, int groups) {
    long forms =
        Stream.of(rates.lr(), rates.list(), rates.slice()).filter(LayerRates::given).count();
    if (forms != 1) {
      throw UlmfitException.usage(
          "rates: "
              + forms
              + " forms given; give exactly one of rates.lr, rates.list, rates.slice");
    }
    if (rates.factor() != null && rates.lr() == null) {
      throw UlmfitException.usage("rates.factor: has a meaning only beside rates.lr; remove it");
    }
    if (rates.lr() != null) {
      return ladder(positive("rates.lr", rates.lr()), factor(rates), groups);
    }
    List<Double> list = rates.list();
    return list != null && !list.isEmpty()
        ? list(list, groups)
        : slice(Objects.requireNonNull(rates.slice()), groups);
  }

  private static double factor(Recipe.Rates rates) {
    return positive("rates.factor", rates.factor() == null ? 1.0 : rates.factor());
  }

  /**
   * Learning rates of the layer groups as shares of the last one's, first to last; of rates that
   * are left to a sweep too.
   *
   * @throws UlmfitException (usage) as {@link #of}
   */
  public static double[] shares(Recipe.Rates rates, int groups) {
    if (rates.swept()) {
      return ladder(1, factor(rates), groups);
    }
    double[] shares = of(rates, groups);
    double last = shares[groups - 1];
    for (int g = 0; g < groups; g++) {
      shares[g] /= last;
    }
    return shares;
  }

  /**
   * The first trainable group of {@code freezeTo}.
   *
   * @param freezeTo index of a group; negative counts from the last, so that -1 trains the last one
   *     only
   * @throws UlmfitException (usage) if there is no such group
   */
  public static int freezeTo(int freezeTo, int groups) {
    if (freezeTo >= groups || freezeTo < -groups) {
      throw UlmfitException.usage(
          "freezeTo: "
              + freezeTo
              + " names none of the "
              + groups
              + " layer groups; use "
              + -groups
              + " to "
              + (groups - 1));
    }
    return freezeTo < 0 ? groups + freezeTo : freezeTo;
  }

  /**
   * Makes the groups from {@code freezeTo} on trainable, and those before it not.
   *
   * @throws UlmfitException (usage) if there is no such group
   */
  static void freeze(int freezeTo, List<LayerGroup> groups) {
    int first = freezeTo(freezeTo, groups.size());
    for (int g = 0; g < groups.size(); g++) {
      boolean trainable = g >= first;
      groups.get(g).parameters().forEach(p -> p.trainable(trainable));
    }
  }

  private static boolean given(Object form) {
    return form instanceof List<?> list ? !list.isEmpty() : form != null;
  }

  /** Each group's rate is {@code factor} times lower than that of the group after it. */
  private static double[] ladder(double last, double factor, int groups) {
    double[] rates = new double[groups];
    for (int g = 0; g < groups; g++) {
      rates[g] = last / Math.pow(factor, groups - 1 - g);
    }
    return rates;
  }

  private static double[] list(List<Double> list, int groups) {
    if (list.size() != groups) {
      throw UlmfitException.usage(
          "rates.list: has "
              + list.size()
              + " values but the model has "
              + groups
              + " layer groups; give one rate for each, first to last");
    }
    return list.stream().mapToDouble(rate -> positive("rates.list", rate)).toArray();
  }

  /**
   * fastai 1 and 2 {@code slice}: (a, b) even multiples from a to b, (b) a tenth below the last.
   */
  private static double[] slice(List<Double> slice, int groups) {
    double[] ends = slice.stream().mapToDouble(rate -> positive("rates.slice", rate)).toArray();
    if (ends.length > 2) {
      throw UlmfitException.usage(
          "rates.slice: has " + ends.length + " values; give [first, last] or [last]");
    }
    double last = ends[ends.length - 1];
    if (ends.length == 1 || groups == 1) {
      double[] rates = new double[groups];
      Arrays.fill(rates, last / 10);
      rates[groups - 1] = last;
      return rates;
    }
    double step = Math.pow(last / ends[0], 1.0 / (groups - 1));
    return DoubleStream.iterate(ends[0], rate -> rate * step).limit(groups).toArray();
  }

  private static double positive(String key, Double rate) {
    if (rate == null || !(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw UlmfitException.usage(key + ": " + rate + " is not a positive number");
    }
    return rate;
  }
}
