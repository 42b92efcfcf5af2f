package org.ulmfit.compare;

import org.jspecify.annotations.Nullable;

/**
 * What a training cost so far.
 *
 * @param start SHA-256 of what the weights it starts from are known by; null: it starts from none
 * @param trained whether it came to its end
 * @param seconds from the first look at the rows to the saved model, of parts that did not end by
 *     being killed
 * @param parts how often it was begun or resumed
 * @param peakBytes the most memory resident, see {@link PeakMemory}; null: not measured
 * @param share of its recipe's epochs, cut to fit a budget; null: all of them
 */
record Cost(
    @Nullable String start,
    boolean trained,
    double seconds,
    int parts,
    @Nullable Long peakBytes,
    @Nullable Double share) {
  static final Cost NONE = new Cost(null, false, 0, 0, null, null);

  /** Begun or resumed. */
  Cost begun(@Nullable String from) {
    return new Cost(from, false, seconds, parts + 1, peakBytes, share);
  }

  Cost plus(boolean done, double more, @Nullable Long peak) {
    Long most =
        peak == null ? peakBytes : Long.valueOf(Math.max(peak, peakBytes == null ? 0 : peakBytes));
    return new Cost(start, done, seconds + more, parts, most, share);
  }

  /** The smaller of its share of epochs and another; null: neither was cut. */
  @Nullable Double fewer(@Nullable Double other) {
    return share == null || other == null
        ? (share == null ? other : share)
        : Double.valueOf(Math.min(share, other));
  }

  /** Stopped after a look at its first steps: what follows is no part of its own. */
  Cost looked() {
    return new Cost(start, trained, seconds, parts - 1, peakBytes, share);
  }

  /** Begun anew with fewer epochs; what the look at its first steps cost is kept. */
  Cost cut(double epochs) {
    return new Cost(null, false, seconds, 0, peakBytes, epochs);
  }
}
