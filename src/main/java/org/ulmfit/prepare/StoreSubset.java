package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.ulmfit.Labelling;
import org.ulmfit.config.Recipe;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.TokenStoreWriter;

/** A part of a token store, written as a store of its own in its place. */
final class StoreSubset {
  private StoreSubset() {}

  /** The first n documents. */
  static TokenStore first(TokenStore store, Path target, int n) {
    return copy(store, target, IntStream.range(0, Math.min(n, store.size())).toArray());
  }

  /**
   * As many documents of each label as the limit has room for, in their order.
   *
   * @param names how many labels there are
   */
  static TokenStore sample(
      TokenStore store, Path target, int limit, Labelling labelling, int names, Recipe recipe) {
    int[][] labels = IntStream.range(0, store.size()).mapToObj(store::labels).toArray(int[][]::new);
    return copy(
        store,
        target,
        labelling == Labelling.MULTI
            ? Splitter.sample(labels, names, limit, recipe)
            : LabelledSubset.of(labels, limit, null));
  }

  private static TokenStore copy(TokenStore store, Path target, int[] docs) {
    Folders.createOf(target);
    try (store;
        TokenStoreWriter writer = new TokenStoreWriter(target)) {
      for (int doc : docs) {
        writer.append(store.id(doc), store.ids(doc), store.labels(doc));
      }
      writer.finish();
    }
    return TokenStore.open(target);
  }
}
