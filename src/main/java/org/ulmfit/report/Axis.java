package org.ulmfit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * One axis of a chart: where values lie between its ends, and which are written at it.
 *
 * @param low where it begins; of a logarithmic axis the power of ten
 * @param high where it ends, likewise
 */
record Axis(double low, double high, boolean logarithmic) {
  private static final double SAME = 1e-9; // a range that rounding alone makes, of its size
  private static final double FEW = 3; // powers of ten between which 2 and 5 are written too

  /**
   * Of these values; what is not finite, or not positive where it is logarithmic, is passed over.
   */
  static Axis of(DoubleStream values, boolean logarithmic) {
    double[] finite =
        values
            .map(v -> logarithmic ? Math.log10(v) : v)
            .filter(Double::isFinite) // the logarithm of zero is not
            .toArray();
    double low = DoubleStream.of(finite).min().orElse(0);
    double high = DoubleStream.of(finite).max().orElse(1);
    if (high - low > SAME * Math.max(Math.abs(low), Math.abs(high))) {
      return new Axis(low, high, logarithmic);
    }
    return low > 0 && !logarithmic
        ? new Axis(0, 2 * low, false)
        : new Axis(low - 0.5, low + 0.5, logarithmic);
  }

  /** The same with another end at the left or below. */
  Axis from(double least) {
    return new Axis(least, high, logarithmic);
  }

  /** 0 at the low end, 1 at the high one; not finite where a value has no place. */
  double share(double value) {
    return ((logarithmic ? Math.log10(value) : value) - low) / (high - low);
  }

  /** Values to be written at it. */
  List<Double> ticks() {
    return logarithmic ? powers() : round();
  }

  private List<Double> powers() {
    boolean few = high - low <= FEW;
    List<Double> ticks = new ArrayList<>();
    for (double power = Math.floor(low); power <= high; power++) {
      for (double factor : few ? new double[] {1, 2, 5} : new double[] {1}) {
        double tick = Math.log10(factor) + power;
        if (tick >= low - 1e-9 && tick <= high + 1e-9) {
          ticks.add(factor * Math.pow(10, power));
        }
      }
    }
    return ticks;
  }

  /** Round numbers, about five. */
  private List<Double> round() {
    double rough = (high - low) / 5;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = power;
    for (double factor : new double[] {1, 2, 2.5, 5, 10}) {
      step = factor * power;
      if (step >= rough) {
        break;
      }
    }
    List<Double> ticks = new ArrayList<>();
    for (double tick = Math.ceil(low / step) * step; tick <= high + 1e-9 * step; tick += step) {
      ticks.add(Math.abs(tick) < 1e-9 * step ? 0 : tick);
    }
    return ticks;
  }
}
