package org.ulmfit.io;

import java.io.IOException;
import java.nio.file.Path;

/** Checksums of a folder that a test has changed. */
public final class Sums {
  private Sums() {}

  /** Makes {@code checksums.txt} agree with what the folder holds now. */
  public static void renew(Path folder) throws IOException {
    Checksums.write(folder);
  }
}
