package org.ulmfit.ngram;

import java.util.function.IntFunction;
import org.ulmfit.vocab.TokenStore;

/**
 * Documents as token ids, each handed out on request, so that they need not be in memory at once.
 *
 * @param count number of documents
 * @param ids the ids of document 0 to count - 1; any thread may ask, and the answer is always the
 *     same
 */
public record Documents(int count, IntFunction<int[]> ids) {

  /** All documents of a store, which must stay open. */
  public static Documents of(TokenStore store) {
    return new Documents(store.size(), store::ids);
  }

  /** Some of these, in the order given. */
  public Documents rows(int[] rows) {
    return new Documents(rows.length, row -> ids.apply(rows[row]));
  }
}
