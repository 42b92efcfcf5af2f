package org.ulmfit.classifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.ulmfit.config.Recipe;
import org.ulmfit.random.NumpyRandom;

/**
 * Orders in which the classifier reads its documents: neighbours of similar length, so that little
 * is padded, or any. Every order is a permutation of 0 to n - 1; {@link Batches} cuts it from the
 * front.
 */
public final class Samplers {

  private static final int CHUNK_BATCHES = 50;

  private Samplers() {}

  /**
   * Order of a training epoch.
   *
   * @param lengths tokens of each document
   * @param batch rows of a batch
   * @param phase number of the training phase
   * @param epoch number of the epoch within the phase, from 0
   * @param plainStream draw from one generator seeded by the seed alone that runs on through the
   *     epochs, as the lesson did, instead of one for each (seed, phase, epoch)
   */
  public static int[] training(
      Recipe.Sampler sampler,
      int[] lengths,
      int batch,
      long seed,
      int phase,
      int epoch,
      boolean plainStream) {
    if (!plainStream) {
      return training(sampler, lengths, batch, new NumpyRandom(seed, phase, epoch));
    }
    var random = new NumpyRandom(seed);
    for (int earlier = 0; earlier < epoch; earlier++) {
      training(sampler, lengths, batch, random);
    }
    return training(sampler, lengths, batch, random);
  }

  static int[] training(Recipe.Sampler sampler, int[] lengths, int batch, NumpyRandom random) {
    return switch (sampler) {
      case SORTISH_2018_03 -> sortishMarch2018(lengths, batch, random);
      case SORTISH_2018_04 -> sortishApril2018(lengths, batch, random);
      case SORTED_DL -> sortedDl(lengths, batch, random);
      case RANDOM -> random.permutation(lengths.length);
    };
  }

  /** By length; equal lengths keep index order. Source: fastai 0.7 and 1 SortSampler. */
  public static int[] sorted(int[] lengths, boolean descending) {
    int[] order = IntStream.range(0, lengths.length).toArray();
    sort(order, 0, order.length, lengths, descending);
    return order;
  }

  /**
   * Chunks of 50 batches of a permutation, sorted ascending, their batches permuted. The short last
   * batch may land anywhere and then shifts the boundaries of all batches after it. Source: fastai
   * 0.7 SortishSampler of March 2018.
   */
  static int[] sortishMarch2018(int[] lengths, int batch, NumpyRandom random) {
    int[] order = random.permutation(lengths.length);
    sortChunks(order, lengths, batch, false);
    List<int[]> groups = groups(order, batch);
    return join(permuted(groups, random));
  }

  /**
   * The same, sorted descending, the batch with the longest document first. Source: fastai 0.7
   * SortishSampler since 4 April 2018, fastai 1.
   */
  static int[] sortishApril2018(int[] lengths, int batch, NumpyRandom random) {
    int[] order = random.permutation(lengths.length);
    sortChunks(order, lengths, batch, true);
    List<int[]> groups = groups(order, batch);
    if (groups.isEmpty()) {
      return order;
    }
    int longest = 0;
    for (int g = 1; g < groups.size(); g++) {
      if (lengths[groups.get(g)[0]] > lengths[groups.get(longest)[0]]) {
        longest = g;
      }
    }
    Collections.swap(groups, 0, longest);
    var result = new ArrayList<int[]>(groups.subList(0, 1));
    result.addAll(permuted(groups.subList(1, groups.size()), random));
    return join(result);
  }

  /**
   * The longest document first, chunks of 50 batches sorted descending, all batches but the first
   * and the last permuted. Source: fastai 2 SortedDL.
   */
  static int[] sortedDl(int[] lengths, int batch, NumpyRandom random) {
    int[] order = random.permutation(lengths.length);
    longestFirst(order, lengths);
    sortChunks(order, lengths, batch, true);
    List<int[]> groups = groups(order, batch);
    if (groups.size() <= 2) {
      return order;
    }
    int last = groups.size() - 1;
    var result = new ArrayList<int[]>(groups.subList(0, 1));
    result.addAll(permuted(groups.subList(1, last), random));
    result.add(groups.get(last));
    return join(result);
  }

  /** Swaps the first of the longest documents to the front. */
  private static void longestFirst(int[] order, int[] lengths) {
    int place = -1;
    for (int i = 0; i < order.length; i++) {
      if (place < 0
          || lengths[order[i]] > lengths[order[place]]
          || (lengths[order[i]] == lengths[order[place]] && order[i] < order[place])) {
        place = i;
      }
    }
    if (place > 0) {
      int longest = order[place];
      order[place] = order[0];
      order[0] = longest;
    }
  }

  private static void sortChunks(int[] order, int[] lengths, int batch, boolean descending) {
    int chunk = Math.multiplyExact(batch, CHUNK_BATCHES);
    for (int from = 0; from < order.length; from += chunk) {
      sort(order, from, Math.min(order.length, from + chunk), lengths, descending);
    }
  }

  /** Sorts a part of an order by length; stable in both directions, as Python's sort. */
  static void sort(int[] order, int from, int to, int[] lengths, boolean descending) {
    long[] keys = new long[to - from]; // length above, place below
    for (int i = from; i < to; i++) {
      long length = lengths[order[i]];
      keys[i - from] = (descending ? Integer.MAX_VALUE - length : length) << 32 | (i - from);
    }
    Arrays.sort(keys);
    int[] before = Arrays.copyOfRange(order, from, to);
    for (int i = 0; i < keys.length; i++) {
      order[from + i] = before[(int) keys[i]];
    }
  }

  private static List<int[]> groups(int[] order, int batch) {
    var groups = new ArrayList<int[]>();
    for (int from = 0; from < order.length; from += batch) {
      groups.add(Arrays.copyOfRange(order, from, Math.min(order.length, from + batch)));
    }
    return groups;
  }

  private static List<int[]> permuted(List<int[]> groups, NumpyRandom random) {
    return IntStream.of(random.permutation(groups.size())).mapToObj(groups::get).toList();
  }

  private static int[] join(List<int[]> groups) {
    return groups.stream().flatMapToInt(IntStream::of).toArray();
  }
}
