package org.ulmfit;

/**
 * A request to end early. Any thread may make it; preparation looks at it between documents, the
 * training loop between steps. A training that has begun saves a checkpoint first, so that it can
 * be resumed.
 */
public final class Stop {
  private volatile boolean requested;

  /** Asks whatever looks at this to end. */
  public void request() {
    requested = true;
  }

  public boolean requested() {
    return requested;
  }

  /**
   * Ends here if that was requested.
   *
   * @param state what has become of the work so far, for the message
   * @throws UlmfitException (interrupted) if it was
   */
  public void check(String state) {
    if (requested) {
      throw new UlmfitException(UlmfitException.Kind.INTERRUPTED, "stopped " + state);
    }
  }
}
