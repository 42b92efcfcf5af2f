package org.ulmfit.lm;

import org.ulmfit.vocab.TokenStore;

/** Numericalised documents by index. */
interface Documents {

  int size();

  /** Tokens of a document. */
  int length(int doc);

  int[] ids(int doc);

  static Documents of(TokenStore store) {
    return new Documents() {
      @Override
      public int size() {
        return store.size();
      }

      @Override
      public int length(int doc) {
        return store.length(doc);
      }

      @Override
      public int[] ids(int doc) {
        return store.ids(doc);
      }
    };
  }
}
