package org.ulmfit.train;

import java.util.List;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;

/** The numbers of a recipe's schedule: defaults where it is silent, bounds where it is not. */
record ScheduleArguments(Recipe.Schedule recipe) {

  /** Peak over start of the triangular schedules. Howard and Ruder 2018: 32. */
  double ratio() {
    return bounded("ratio", recipe.ratio(), 32, 1, Double.MAX_VALUE);
  }

  /** Batches of the phase over batches of the rise. Howard and Ruder 2018: cut_frac 0.1. */
  double cut() {
    return bounded("cut", recipe.cut(), 10, 1, Double.MAX_VALUE);
  }

  /** Per cent of the phase for the last descent of clr-beta. */
  double percent() {
    return bounded("cut", recipe.cut(), 10, 0, 100);
  }

  /** Peak over start of the one-cycle schedules. fastai 1 and 2: 25. */
  double div() {
    return bounded("div", recipe.div(), 25, 1, Double.MAX_VALUE);
  }

  double divFinal(double otherwise) {
    return bounded("divFinal", recipe.divFinal(), otherwise, 1, Double.MAX_VALUE);
  }

  double pctStart(double otherwise) {
    return bounded("pctStart", recipe.pctStart(), otherwise, 0, 1);
  }

  /**
   * beta1 over the cycle.
   *
   * @param most 1: the schedule does not drive it; 2: start and peak, back to start; 3: an end of
   *     its own may follow
   */
  Schedule.Momentum momentum(double base, int most) {
    List<Double> moms = recipe.moms() == null ? List.of() : recipe.moms();
    for (double mom : moms) {
      bounded("moms", mom, 0, 0, Math.nextDown(1.0));
    }
    if (moms.isEmpty()) {
      return new Schedule.Momentum(base, base, base);
    }
    if (moms.size() < 2 || moms.size() > most) {
      throw UlmfitException.usage(
          "schedule.moms: "
              + moms.size()
              + " values do not fit \""
              + Recipes.word(recipe.kind())
              + "\"; give "
              + (most == 1 ? "none" : most == 2 ? "none or 2" : "none, 2 or 3"));
    }
    return new Schedule.Momentum(
        moms.get(0), moms.get(1), moms.size() == 3 ? moms.get(2) : moms.get(0));
  }

  private static double bounded(
      String key, Double value, double otherwise, double low, double high) {
    double v = value == null ? otherwise : value;
    if (!(v >= low && v <= high)) {
      throw UlmfitException.usage(
          "schedule."
              + key
              + ": "
              + v
              + " is out of bounds; use "
              + (high == Double.MAX_VALUE ? "at least " + low : low + " to " + high));
    }
    return v;
  }
}
