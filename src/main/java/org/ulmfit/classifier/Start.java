package org.ulmfit.classifier;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a classifier begins with: an encoder, a classifier that goes on, or its texts alone.
 *
 * @param encoder model folder or run that holds an encoder
 * @param classifier model folder or run that holds a classifier; not both
 */
public record Start(@Nullable Path encoder, @Nullable Path classifier) {
  public static final Start NONE = new Start(null, null);

  /** An encoder. */
  public static Start on(Path encoder) {
    return new Start(encoder, null);
  }

  /** A classifier that goes on with other rows. */
  public static Start from(Path classifier) {
    return new Start(null, classifier);
  }
}
