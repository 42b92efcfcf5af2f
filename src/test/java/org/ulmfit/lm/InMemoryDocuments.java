package org.ulmfit.lm;

/** Documents of a test. */
record InMemoryDocuments(int[]... texts) implements Documents {

  @Override
  public int size() {
    return texts.length;
  }

  @Override
  public int length(int doc) {
    return texts[doc].length;
  }

  @Override
  public int[] ids(int doc) {
    return texts[doc];
  }
}
