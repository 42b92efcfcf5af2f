package org.ulmfit.ngram;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;

/**
 * Finds the n-grams of documents, one pass for each n. An n-gram occurs in no more documents than
 * its first n - 1 tokens do, so only those that continue a frequent one are looked at: what is in
 * memory is the n-grams of one length that do, never those of all lengths. Agrawal and Srikant
 * 1994, Fast Algorithms for Mining Association Rules (Apriori).
 */
final class NgramCounter {
  static final String STOPPED = "while n-grams were counted; nothing was written";

  private final Documents documents;
  private final int minimum;
  private final IntPredicate breaks;
  private final Stop stop;

  /**
   * @param minimum of the documents that an n-gram occurs in
   * @param breaks ids that are part of no n-gram
   */
  NgramCounter(Documents documents, int minimum, IntPredicate breaks, Stop stop) {
    this.documents = documents;
    this.minimum = minimum;
    this.breaks = breaks;
    this.stop = stop;
  }

  /** The n-grams that continue those of the levels before by one token, sorted. */
  NgramLevel next(NgramLevel[] before) {
    PairTable found = new PairTable();
    int[] counts = new int[1024];
    int[] last = new int[1024]; // the document where it was last seen, + 1
    for (int doc = 0; doc < documents.count(); doc++) {
      stop.check(STOPPED);
      int[] ids = documents.ids().apply(doc);
      for (int at = 0; at + before.length < ids.length; at++) {
        long pair = continued(before, ids, at);
        if (pair >= 0) {
          int number = added(found, pair);
          if (number >= counts.length) {
            counts = Arrays.copyOf(counts, counts.length * 2);
            last = Arrays.copyOf(last, counts.length);
          }
          if (last[number] != doc + 1) {
            last[number] = doc + 1;
            counts[number]++;
          }
        }
      }
    }
    return NgramLevel.of(frequent(found, counts));
  }

  /** What begins there, as its first tokens' index and the last token; -1: nothing to count. */
  private long continued(NgramLevel[] before, int[] ids, int at) {
    int id = ids[at + before.length];
    if (breaks.test(id)) {
      return -1;
    }
    int node = 0;
    for (int n = 0; n < before.length && node >= 0; n++) {
      node = before[n].find(node, ids[at + n]);
    }
    return node < 0 ? -1 : PairTable.pair(node, id);
  }

  private static int added(PairTable found, long pair) {
    try {
      return found.add(pair);
    } catch (IllegalStateException e) {
      throw UlmfitException.badData(
          "the documents have too many different n-grams to count ("
              + e.getMessage()
              + "); count shorter ones or those of fewer documents");
    }
  }

  private long[] frequent(PairTable found, int[] counts) {
    long[] kept = new long[found.size()];
    int size = 0;
    for (int number = 0; number < kept.length; number++) {
      if (counts[number] >= minimum) {
        kept[size++] = found.pair(number);
      }
    }
    kept = Arrays.copyOf(kept, size);
    Arrays.sort(kept);
    return kept;
  }
}
