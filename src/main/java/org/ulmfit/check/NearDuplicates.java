package org.ulmfit.check;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.ulmfit.corpus.Split;
import org.ulmfit.random.Seeds;

/**
 * Pairs of texts that are nearly the same, found by bands of their signatures: two texts are
 * compared where all places of one band are equal (Leskovec, Rajaraman and Ullman 2014, section
 * 3.4).
 */
final class NearDuplicates {
  /** Estimated share of common runs from which on two texts are nearly the same. */
  static final double LEAST = 0.8;

  private static final int BAND = 8; // places: of texts at 0.8, 95 pairs of 100 share a band of 16
  private static final int MOST = 64; // texts of a bucket that are compared with each other

  private NearDuplicates() {}

  /**
   * Two texts.
   *
   * @param first index of the one that comes first
   */
  record Pair(int first, int second, double similarity) {}

  /**
   * Finds pairs, the most similar first.
   *
   * @param signatures of texts; null: too short for one
   * @param hashes of whole texts: equal ones are exact duplicates, and none of these pairs; of
   *     those in one split the first stands for all
   * @param splits of texts, by index
   */
  static List<Pair> of(
      List<int @Nullable []> signatures, long[] hashes, IntFunction<Split> splits) {
    BitSet first = first(hashes, splits);
    Set<Long> seen = new HashSet<>();
    List<Pair> pairs = new ArrayList<>();
    for (int band = 0; band < MinHash.PLACES; band += BAND) {
      for (List<Integer> bucket : buckets(signatures, first, band)) {
        int n = Math.min(MOST, bucket.size());
        for (int i = 0; i < n; i++) {
          for (int j = i + 1; j < n; j++) {
            compare(bucket.get(i), bucket.get(j), signatures, hashes, seen, pairs);
          }
        }
      }
    }
    pairs.sort(
        Comparator.comparingDouble((Pair pair) -> -pair.similarity)
            .thenComparingInt(Pair::first)
            .thenComparingInt(Pair::second));
    return pairs;
  }

  /** Texts that are no copy of an earlier one of their split: copies would fill the buckets. */
  private static BitSet first(long[] hashes, IntFunction<Split> splits) {
    Map<Split, Set<Long>> seen = new EnumMap<>(Split.class);
    BitSet first = new BitSet(hashes.length);
    for (int text = 0; text < hashes.length; text++) {
      first.set(
          text, seen.computeIfAbsent(splits.apply(text), s -> new HashSet<>()).add(hashes[text]));
    }
    return first;
  }

  private static List<List<Integer>> buckets(
      List<int @Nullable []> signatures, BitSet first, int band) {
    Map<Long, List<Integer>> buckets = new HashMap<>();
    for (int text = 0; text < signatures.size(); text++) {
      int[] signature = signatures.get(text);
      if (signature != null && first.get(text)) {
        long key = 0;
        for (int place = band; place < band + BAND; place++) {
          key = Seeds.mix(key * 31 + signature[place]);
        }
        buckets.computeIfAbsent(key, k -> new ArrayList<>(1)).add(text);
      }
    }
    return buckets.values().stream().filter(bucket -> bucket.size() > 1).toList();
  }

  private static void compare(
      int first,
      int second,
      List<int @Nullable []> signatures,
      long[] hashes,
      Set<Long> seen,
      List<Pair> pairs) {
    int[] a = signatures.get(first);
    int[] b = signatures.get(second);
    if (a == null || b == null || hashes[first] == hashes[second]) {
      return;
    }
    if (seen.add((long) first << 32 | second)) {
      double similarity = MinHash.similarity(a, b);
      if (similarity >= LEAST) {
        pairs.add(new Pair(first, second, similarity));
      }
    }
  }
}
