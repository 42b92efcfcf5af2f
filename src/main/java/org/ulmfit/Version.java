package org.ulmfit;

/** Version of the jar and of what it stands on. */
public final class Version {
  public static String version() {
    throw new UnsupportedOperationException();
  }

  /** Commit the jar was built from; {@code unknown} outside a git checkout. */
  public static String commit() {
    throw new UnsupportedOperationException();
  }

  public static String djl() {
    throw new UnsupportedOperationException();
  }

  public static String libtorch() {
    throw new UnsupportedOperationException();
  }

  private Version() {}
}
