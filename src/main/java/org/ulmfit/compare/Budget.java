package org.ulmfit.compare;

import org.jspecify.annotations.Nullable;

/** How much time a comparison may take, that of earlier starts counted. */
final class Budget {
  private static final double GRACE = .08; // of the limit, by which it may be exceeded

  private final @Nullable Double limit; // seconds; null: as long as it takes
  private final double before; // seconds of earlier starts
  private final long started = System.nanoTime();

  Budget(@Nullable Double limit, double before) {
    this.limit = limit;
    this.before = before;
  }

  boolean isLimited() {
    return limit != null;
  }

  /** Seconds that answers may still take: the last training's, which are no use without. */
  double leftToAsk() {
    return limit == null ? left() : left() + GRACE * limit;
  }

  /** Seconds so far. */
  double spent() {
    return before + (System.nanoTime() - started) / 1e9;
  }

  /** Seconds that are left, 0 at least. */
  double left() {
    return limit == null ? Double.POSITIVE_INFINITY : Math.max(0, limit - spent());
  }
}
