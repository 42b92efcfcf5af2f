package org.ulmfit.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A workload's results: {@code NAME.json} of the results folder.
 *
 * @param machine processor, cores, versions, load at the start
 * @param sizes what was computed, with its seed
 * @param skipped why nothing was measured; null if it was
 */
record WorkloadResult(
    String name,
    Map<String, String> machine,
    Map<String, String> sizes,
    List<Side> sides,
    String skipped) {

  /**
   * One of those compared.
   *
   * @param note how it ran
   * @param rounds one process each
   */
  record Side(String name, String note, List<Measurement> rounds) {

    /** Median over the rounds of units per second. */
    double rate(String series) {
      return Measurement.median(rounds.stream().mapToDouble(r -> r.rate(series)).toArray());
    }

    double bestRate(String series) {
      return rounds.stream().mapToDouble(r -> r.bestRate(series)).max().orElseThrow();
    }

    /** All samples' seconds. */
    double[] seconds(String series) {
      return rounds.stream().flatMapToDouble(r -> Arrays.stream(r.seconds(series))).toArray();
    }

    boolean has(String series) {
      return rounds.stream().allMatch(r -> r.series().containsKey(series));
    }

    long peakBytes() {
      return rounds.stream().mapToLong(Measurement::peakBytes).max().orElse(0);
    }
  }

  Optional<Side> side(String side) {
    return sides.stream().filter(s -> s.name().equals(side)).findFirst();
  }

  int size(String key) {
    return Integer.parseInt(sizes.get(key));
  }
}
