package org.ulmfit.corpus;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of one input, in its order. */
interface RowReader {
  /**
   * The next row, which may be one that cannot be used; null at the end.
   *
   * @throws org.ulmfit.UlmfitException (bad data) if nothing can be read behind this point
   */
  @Nullable Row next() throws IOException;

  /** Whether a next row, or a part of it, can be had without waiting. */
  boolean ready() throws IOException;
}
