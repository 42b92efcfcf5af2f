package org.ulmfit.ngram;

/**
 * The n-grams of one length: each is the index of its first n - 1 tokens in the level before (0
 * where n is 1) and its last token. Their own indices go by these two.
 */
final class NgramLevel {
  private final PairTable table;

  private NgramLevel(PairTable table) {
    this.table = table;
  }

  /**
   * @param pairs sorted, none twice
   */
  static NgramLevel of(long[] pairs) {
    PairTable table = new PairTable();
    for (long pair : pairs) {
      table.add(pair);
    }
    return new NgramLevel(table);
  }

  int size() {
    return table.size();
  }

  /** An n-gram's index; -1: it is not there. */
  int find(int prefix, int id) {
    return table.find(PairTable.pair(prefix, id));
  }

  int prefix(int index) {
    return PairTable.first(table.pair(index));
  }

  int id(int index) {
    return PairTable.second(table.pair(index));
  }
}
