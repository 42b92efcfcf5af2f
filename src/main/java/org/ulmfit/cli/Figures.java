package org.ulmfit.cli;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ulmfit.Shown;

/** Figures as people read them. */
final class Figures {
  private Figures() {}

  /**
   * {@code train: 250 (neg 125, pos 125)}.
   *
   * @param n rows
   * @param labels rows of each label
   */
  static String of(Enum<?> name, int n, Map<String, Integer> labels) {
    String parts =
        labels.entrySet().stream()
            .map(e -> Shown.name(e.getKey()) + " " + e.getValue())
            .limit(60)
            .collect(Collectors.joining(", "));
    return name.name().toLowerCase(Locale.ROOT) + ": " + n + " (" + parts + ")";
  }

  /** {@code 41 s}, {@code 3:05}, {@code 1:02:09}. */
  static String time(double seconds) {
    long s = Math.max(0, Math.round(seconds));
    if (s < 60) {
      return s + " s";
    }
    return s < 3600
        ? Shown.format("%d:%02d", s / 60, s % 60)
        : Shown.format("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }

  static String number(long n) {
    return Shown.format("%,d", n);
  }

  static String fixed(double value, int digits) {
    return Shown.format("%." + digits + "f", value);
  }
}
