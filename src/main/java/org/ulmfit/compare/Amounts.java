package org.ulmfit.compare;

import org.ulmfit.Shown;
import org.ulmfit.train.Interval;

/** Amounts as people read them. */
final class Amounts {
  private Amounts() {}

  /** {@code 0.9123}. */
  static String share(double share) {
    return Shown.format("%.4f", share);
  }

  /** {@code 0.9001-0.9230}. */
  static String interval(Interval interval) {
    return share(interval.low()) + "-" + share(interval.high());
  }

  /** {@code 3.4 s}, {@code 41 s}, {@code 3:05}, {@code 1:02:09}. */
  static String time(double seconds) {
    if (seconds < 10) {
      return Shown.format("%.1f s", seconds);
    }
    long s = Math.round(seconds);
    if (s < 60) {
      return s + " s";
    }
    return s < 3600
        ? Shown.format("%d:%02d", s / 60, s % 60)
        : Shown.format("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }

  /** {@code 310 MB}, {@code 1.2 GB}. */
  static String bytes(double bytes) {
    return bytes < 1e6
        ? Shown.format("%.0f kB", Math.ceil(bytes / 1e3))
        : bytes < 1e7
            ? Shown.format("%.1f MB", bytes / 1e6)
            : bytes < 1e9
                ? Shown.format("%.0f MB", bytes / 1e6)
                : Shown.format("%.1f GB", bytes / 1e9);
  }

  /** {@code 1,234}, {@code 0.4}. */
  static String rate(double perSecond) {
    return Shown.format(perSecond < 10 ? "%.1f" : "%,.0f", perSecond);
  }

  /** {@code p = 0.041}, {@code p < 0.0001}. */
  static String probability(double p) {
    return p < .0001 ? "p < 0.0001" : Shown.format(p < .01 ? "p = %.4f" : "p = %.3f", p);
  }
}
