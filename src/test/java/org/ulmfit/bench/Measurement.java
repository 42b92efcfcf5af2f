package org.ulmfit.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one process measured.
 *
 * @param series samples by name, each of seconds and units of work
 * @param facts versions and the like
 * @param peakBytes most resident memory of the process; 0 = not known
 */
record Measurement(Map<String, List<double[]>> series, Map<String, String> facts, long peakBytes) {

  static Measurement empty() {
    return new Measurement(new LinkedHashMap<>(), new LinkedHashMap<>(), 0);
  }

  void add(String name, double seconds, double units) {
    series.computeIfAbsent(name, n -> new ArrayList<>()).add(new double[] {seconds, units});
  }

  Measurement withPeak(long bytes) {
    return new Measurement(series, facts, bytes);
  }

  /**
   * Units per second: of the median sample where all did the same work, of all together otherwise.
   */
  double rate(String name) {
    List<double[]> samples = series.get(name);
    if (alike(samples)) {
      return samples.get(0)[1] / median(seconds(name));
    }
    double units = samples.stream().mapToDouble(s -> s[1]).sum();
    return units / samples.stream().mapToDouble(s -> s[0]).sum();
  }

  /** As {@link #rate} with the best sample. */
  double bestRate(String name) {
    List<double[]> samples = series.get(name);
    if (!alike(samples)) {
      return rate(name);
    }
    return samples.get(0)[1] / Arrays.stream(seconds(name)).min().orElseThrow();
  }

  double[] seconds(String name) {
    return series.get(name).stream().mapToDouble(s -> s[0]).toArray();
  }

  private static boolean alike(List<double[]> samples) {
    return samples.stream().allMatch(s -> s[1] == samples.get(0)[1]);
  }

  static double median(double[] values) {
    return percentile(values, .5);
  }

  /** Between the two nearest, as NumPy does. */
  static double percentile(double[] values, double p) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double at = p * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
