package org.ulmfit;

import org.jspecify.annotations.Nullable;

/**
 * A request to end early. Any thread may make it; preparation looks at it between documents, the
 * training loop between steps. A training that has begun saves a checkpoint first, so that it can
 * be resumed.
 */
public final class Stop {
  private final @Nullable Stop outer; // whose request is one here, too
  private final long end; // by the clock of System.nanoTime; of an outer one's only
  private final @Nullable Thread owner; // whose interrupt is a request
  private volatile boolean requested;

  public Stop() {
    this(null, 0, null);
  }

  private Stop(@Nullable Stop outer, long end, @Nullable Thread owner) {
    this.outer = outer;
    this.end = end;
    this.owner = owner;
  }

  /** Whether its time is over, if it has one. */
  public boolean isOver() {
    return outer != null && System.nanoTime() - end >= 0;
  }

  /** A stop of its own that is requested when this one is, and after some time. */
  public Stop within(double seconds) {
    double most = Math.min(seconds, 1e9); // thirty years
    return new Stop(this, System.nanoTime() + (long) (most * 1e9), null);
  }

  /** A stop of its own that is requested when this one is, and by an interrupt of this thread. */
  public Stop hearingInterrupts() {
    return new Stop(this, within(1e9).end, Thread.currentThread());
  }

  /** Asks whatever looks at this to end. */
  public void request() {
    requested = true;
  }

  public boolean requested() {
    if (owner != null && Thread.currentThread() == owner && Thread.interrupted()) {
      requested = true;
    }
    return requested || isOver() || outer != null && outer.requested();
  }

  /**
   * Ends here if that was requested.
   *
   * @param state what has become of the work so far, for the message
   * @throws UlmfitException (interrupted) if it was
   */
  public void check(String state) {
    if (requested()) {
      throw new UlmfitException(UlmfitException.Kind.INTERRUPTED, "stopped " + state);
    }
  }
}
