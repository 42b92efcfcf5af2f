package org.ulmfit.embed;

import org.jspecify.annotations.Nullable;

/**
 * What the files beside an encoder say of how it is used; null: nothing. The texts behind each tell
 * where it stands.
 *
 * @param pooledBy where there is no pooling, why what the files say cannot be computed; empty: they
 *     say nothing
 * @param window tokens that it reads at most, start and end among them
 */
record Card(
    @Nullable Pooling pooling,
    String pooledBy,
    @Nullable Boolean normalise,
    String normalisedBy,
    @Nullable Integer window,
    String windowBy) {
  static final Card NONE = new Card(null, "", null, "", null, "");

  Card pooled(@Nullable Pooling by, String where) {
    return new Card(by, where, normalise, normalisedBy, window, windowBy);
  }

  Card normalised(boolean is, String where) {
    return new Card(pooling, pooledBy, is, where, window, windowBy);
  }

  /** What was said first stands. */
  Card window(long tokens, String where) {
    return window != null || tokens < 1 || tokens > 1 << 20 // some write a number for "no end"
        ? this
        : new Card(pooling, pooledBy, normalise, normalisedBy, (int) tokens, where);
  }
}
