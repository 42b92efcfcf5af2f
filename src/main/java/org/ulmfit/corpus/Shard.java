package org.ulmfit.corpus;

import java.util.ArrayList;
import java.util.List;

/**
 * What one of several programs does that share the work.
 *
 * @param number of it, from 0
 * @param of how many
 */
public record Shard(int number, int of) {
  /** All of it. */
  public static final Shard WHOLE = new Shard(0, 1);

  /** Whether the thing of this index is its own. */
  public boolean has(long index) {
    return index % of == number;
  }

  /** Its own of some things. */
  public <T> List<T> of(List<T> all) {
    List<T> own = new ArrayList<>();
    for (int index = 0; index < all.size(); index++) {
      if (has(index)) {
        own.add(all.get(index));
      }
    }
    return own;
  }

  /** As it is given: {@code 3/16}. */
  @Override
  public String toString() {
    return number + "/" + of;
  }
}
