package org.ulmfit.classifier;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a classifier begins with: an encoder, a classifier that goes on, or its texts alone.
 *
 * @param encoder model folder or run that holds an encoder
 * @param classifier model folder or run that holds a classifier; not both
 * @param vectors file of a sentence encoder's vectors that runs share; null: each makes its own
 */
public record Start(@Nullable Path encoder, @Nullable Path classifier, @Nullable Path vectors) {
  public static final Start NONE = new Start(null, null, null);

  /** An encoder. */
  public static Start on(Path encoder) {
    return new Start(encoder, null, null);
  }

  /** A classifier that goes on with other rows. */
  public static Start from(Path classifier) {
    return new Start(null, classifier, null);
  }

  /** The same with vectors that runs share. */
  public Start sharing(Path file) {
    return new Start(encoder, classifier, file);
  }
}
