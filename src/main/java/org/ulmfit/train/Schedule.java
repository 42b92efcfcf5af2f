package org.ulmfit.train;

import java.util.Objects;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;

/**
 * Learning rate and momentum over one phase of training. Rates are factors of a peak: every layer
 * group multiplies its own peak by {@link #scale}. Steps are batches counted from 0; the value at a
 * step is the one used <em>for</em> that batch.
 *
 * <p>A rise of no batches (fewer batches than the schedule divides by) is lengthened to one.
 */
public sealed interface Schedule {

  /** Factor of the peak learning rate for batch {@code step}, 0 to {@link #steps} - 1. */
  double scale(int step);

  /** Adam's beta1 for batch {@code step}. */
  double beta1(int step);

  /** Batches of the whole phase. */
  int steps();

  /**
   * The schedule a recipe names.
   *
   * @param steps batches of the whole phase (one cycle), at least 1
   * @param baseBeta1 the optimiser's beta1, used where the schedule does not drive it
   * @throws UlmfitException (usage) for a value out of bounds
   */
  static Schedule of(Recipe.Schedule recipe, int steps, double baseBeta1) {
    if (steps < 1) {
      throw new IllegalArgumentException("a phase of " + steps + " steps has no schedule");
    }
    var args = new ScheduleArguments(recipe);
    return switch (recipe.kind()) {
      case CONSTANT -> new Constant(steps, args.momentum(baseBeta1, 1));
      case CLR -> new Clr(steps, args.ratio(), args.cut(), args.momentum(baseBeta1, 2));
      case CLR_BETA ->
          new ClrBeta(steps, args.ratio(), args.percent(), args.momentum(baseBeta1, 2));
      case SLANTED_TRIANGULAR ->
          new SlantedTriangular(steps, args.ratio(), args.cut(), args.momentum(baseBeta1, 1));
      case COSINE -> new Cosine(steps, args.momentum(baseBeta1, 1));
      case ONE_CYCLE_1 ->
          new OneCycle1(
              steps,
              args.div(),
              args.divFinal(args.div() * 1e4),
              args.pctStart(0.3),
              args.momentum(baseBeta1, 2));
      case ONE_CYCLE ->
          new OneCycle(
              steps,
              args.div(),
              args.divFinal(1e5),
              args.pctStart(0.25),
              args.momentum(baseBeta1, 3));
      case FLAT_COS ->
          new FlatCos(steps, args.divFinal(1e5), args.pctStart(0.75), args.momentum(baseBeta1, 1));
    };
  }

  /** beta1 at the start, at the peak rate and at the end of a cycle. */
  record Momentum(double start, double peak, double end) {}

  /** The same rate throughout. */
  record Constant(int steps, Momentum momentum) implements Schedule {
    @Override
    public double scale(int step) {
      Objects.checkIndex(step, steps);
      return 1;
    }

    @Override
    public double beta1(int step) {
      return momentum.start();
    }
  }

  /**
   * Up linearly from 1/ratio for {@code steps / cut} batches, down linearly to 1/ratio at {@code
   * steps}; beta1 the other way round. Source: fastai 0.7 {@code use_clr}, CircularLR.
   */
  record Clr(int steps, double ratio, double cut, Momentum momentum) implements Schedule {
    @Override
    public double scale(int step) {
      return slope(rise(step), ratio);
    }

    @Override
    public double beta1(int step) {
      return linear(momentum.start(), momentum.peak(), rise(step));
    }

    /** 0 at the ends, 1 at the peak. */
    private double rise(int step) {
      Objects.checkIndex(step, steps);
      int peak = atLeastOne(steps / cut);
      return step <= peak ? (double) step / peak : 1 - (double) (step - peak) / (steps - peak);
    }
  }

  /**
   * Up and down linearly in equal times, then {@code percent} of the phase down to a hundredth of
   * the starting rate; beta1 the other way round, constant in the last part. Source: fastai 0.7
   * {@code use_clr_beta}.
   */
  record ClrBeta(int steps, double ratio, double percent, Momentum momentum) implements Schedule {
    @Override
    public double scale(int step) {
      int half = half();
      if (Objects.checkIndex(step, steps) <= 2 * half) {
        return slope(rise(step), ratio);
      }
      double descent = (double) (step - 2 * half) / (steps - 2 * half);
      return linear(1, 0.01, descent) / ratio;
    }

    @Override
    public double beta1(int step) {
      return Objects.checkIndex(step, steps) <= 2 * half()
          ? linear(momentum.start(), momentum.peak(), rise(step))
          : momentum.end();
    }

    private double rise(int step) {
      int half = half();
      return step <= half ? (double) step / half : 1 - (double) (step - half) / half;
    }

    private int half() {
      return atLeastOne(steps * (1 - percent / 100) / 2);
    }
  }

  /**
   * The formula as printed by Howard and Ruder 2018, with {@code cut} = 1 / cut_frac; where it
   * would fall below 1/ratio, and even below zero, at the end (step count not a multiple of {@code
   * cut}) it stays at 1/ratio.
   */
  record SlantedTriangular(int steps, double ratio, double cut, Momentum momentum)
      implements Schedule {
    @Override
    public double scale(int step) {
      int peak = atLeastOne(steps / cut);
      double p =
          Objects.checkIndex(step, steps) < peak
              ? (double) step / peak
              : 1 - (step - peak) / (peak * (cut - 1));
      return slope(Math.max(0, p), ratio);
    }

    @Override
    public double beta1(int step) {
      return momentum.start();
    }
  }

  /**
   * A hundredth of the peak for the first twentieth of the phase, then a half cosine to 0 that
   * counts the warm-up batches too. Source: fastai 0.7 {@code cycle_len}, CosAnneal.
   */
  record Cosine(int steps, Momentum momentum) implements Schedule {
    @Override
    public double scale(int step) {
      return Objects.checkIndex(step, steps) < steps / 20.0
          ? 0.01
          : anneal(1, 0, (double) step / steps);
    }

    @Override
    public double beta1(int step) {
      return momentum.start();
    }
  }

  /**
   * Half cosine from 1/div up to the peak at batch {@code int(pctStart steps)}, half cosine down to
   * 1/divFinal; beta1 likewise. Source: fastai 1 {@code fit_one_cycle}.
   */
  record OneCycle1(int steps, double div, double divFinal, double pctStart, Momentum momentum)
      implements Schedule {
    @Override
    public double scale(int step) {
      return at(step, 1 / div, 1, 1 / divFinal);
    }

    @Override
    public double beta1(int step) {
      return at(step, momentum.start(), momentum.peak(), momentum.end());
    }

    private double at(int step, double start, double peak, double end) {
      int up = atLeastOne(steps * pctStart);
      return Objects.checkIndex(step, steps) <= up
          ? anneal(start, peak, (double) step / up)
          : anneal(peak, end, (double) (step - up) / (steps - up));
    }
  }

  /**
   * The same shape by position {@code step / steps}, so that the last batch stops short of 1.
   * Source: fastai 2 {@code fit_one_cycle}.
   */
  record OneCycle(int steps, double div, double divFinal, double pctStart, Momentum momentum)
      implements Schedule {
    @Override
    public double scale(int step) {
      return at(step, 1 / div, 1, 1 / divFinal);
    }

    @Override
    public double beta1(int step) {
      return at(step, momentum.start(), momentum.peak(), momentum.end());
    }

    private double at(int step, double start, double peak, double end) {
      double position = (double) Objects.checkIndex(step, steps) / steps;
      return position < pctStart
          ? anneal(start, peak, position / pctStart)
          : anneal(peak, end, (position - pctStart) / (1 - pctStart));
    }
  }

  /** The peak until {@code pctStart}, then a half cosine. Source: fastai 2 {@code fit_flat_cos}. */
  record FlatCos(int steps, double divFinal, double pctStart, Momentum momentum)
      implements Schedule {
    @Override
    public double scale(int step) {
      double position = (double) Objects.checkIndex(step, steps) / steps;
      return position < pctStart
          ? 1
          : anneal(1, 1 / divFinal, (position - pctStart) / (1 - pctStart));
    }

    @Override
    public double beta1(int step) {
      return momentum.start();
    }
  }

  private static int atLeastOne(double batches) {
    return Math.max(1, (int) batches);
  }

  /** 1/ratio at {@code p} = 0, 1 at {@code p} = 1. */
  private static double slope(double p, double ratio) {
    return (1 + p * (ratio - 1)) / ratio;
  }

  private static double linear(double from, double to, double p) {
    return from + p * (to - from);
  }

  /** Half a cosine wave from {@code from} (p = 0) to {@code to} (p = 1). */
  private static double anneal(double from, double to, double p) {
    return to + (from - to) / 2 * (1 + Math.cos(Math.PI * p));
  }
}
