package org.ulmfit.classifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.ulmfit.config.Recipe.Sampler;
import org.ulmfit.random.NumpyRandom;

class SamplersPropertyTest {

  @Property
  void everyOrderIsAPermutation(
      @ForAll @From("samplers") Sampler sampler,
      @ForAll @From("lengths") int[] lengths,
      @ForAll @IntRange(min = 1, max = 9) int batch,
      @ForAll @IntRange int seed) {
    int[] order = Samplers.training(sampler, lengths, batch, seed, 0, 0, false);
    int[] all = IntStream.range(0, lengths.length).toArray();
    assertArrayEquals(all, Arrays.stream(order).sorted().toArray());
    assertArrayEquals(
        order, Samplers.training(sampler, lengths, batch, seed, 0, 0, false), "same seed");
  }

  @Property
  void aBatchIsARunOfTheSortOfOneChunk(
      @ForAll @From("sorting") Sampler sampler,
      @ForAll @From("lengths") int[] any,
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange int seed) {
    boolean raggedLast = sampler == Sampler.SORTED_DL;
    int[] lengths = raggedLast ? any : Arrays.copyOf(any, any.length - any.length % batch);
    int[] order = Samplers.training(sampler, lengths, batch, new NumpyRandom(seed));
    List<List<Integer>> chunks = sortedChunks(sampler, lengths, batch, new NumpyRandom(seed));
    Map<Integer, int[]> chunkAndRank = new HashMap<>();
    for (int c = 0; c < chunks.size(); c++) {
      for (int rank = 0; rank < chunks.get(c).size(); rank++) {
        chunkAndRank.put(chunks.get(c).get(rank), new int[] {c, rank});
      }
    }
    for (int from = 0; from < order.length; from += batch) {
      int[] first = chunkAndRank.get(order[from]);
      assertEquals(0, first[1] % batch);
      for (int i = 1; i < batch && from + i < order.length; i++) {
        int[] next = chunkAndRank.get(order[from + i]);
        assertArrayEquals(new int[] {first[0], first[1] + i}, next);
      }
    }
    if (raggedLast && order.length > 0) {
      List<Integer> lastChunk = chunks.get(chunks.size() - 1);
      assertEquals(lastChunk.get(lastChunk.size() - 1), order[order.length - 1]);
    }
  }

  @Property
  void theLongestDocumentComesFirstSinceApril2018(
      @ForAll @From("lengths") int[] lengths,
      @ForAll @IntRange(min = 1, max = 9) int batch,
      @ForAll @IntRange int seed) {
    int longest = Arrays.stream(lengths).max().orElse(0);
    int[] april = Samplers.training(Sampler.SORTISH_2018_04, lengths, batch, seed, 0, 0, false);
    int[] dl = Samplers.training(Sampler.SORTED_DL, lengths, batch, seed, 0, 0, false);
    if (lengths.length > 0) {
      assertEquals(longest, lengths[april[0]]);
      assertEquals(longest, lengths[dl[0]]);
    }
  }

  @Property
  void sortingIsStableInBothDirections(@ForAll @From("lengths") int[] lengths) {
    for (boolean descending : new boolean[] {false, true}) {
      int[] order = Samplers.sorted(lengths, descending);
      for (int i = 1; i < order.length; i++) {
        int step = Integer.compare(lengths[order[i - 1]], lengths[order[i]]);
        assertTrue(
            step == 0 ? order[i - 1] < order[i] : step > 0 == descending, Arrays.toString(order));
      }
    }
  }

  /** Chunks of 50 batches of the permutation, each sorted; written with boxed lists. */
  private static List<List<Integer>> sortedChunks(
      Sampler sampler, int[] lengths, int batch, NumpyRandom random) {
    var permutation = new ArrayList<Integer>();
    Arrays.stream(random.permutation(lengths.length)).forEach(permutation::add);
    if (sampler == Sampler.SORTED_DL && lengths.length > 0) {
      int longest = Arrays.stream(lengths).max().orElseThrow();
      int first =
          IntStream.range(0, lengths.length)
              .filter(i -> lengths[i] == longest)
              .findFirst()
              .orElseThrow();
      int place = permutation.indexOf(first);
      permutation.set(place, permutation.get(0));
      permutation.set(0, first);
    }
    Comparator<Integer> byLength = Comparator.comparing(doc -> lengths[doc]);
    var chunks = new ArrayList<List<Integer>>();
    for (int from = 0; from < lengths.length; from += 50 * batch) {
      var chunk =
          new ArrayList<>(permutation.subList(from, Math.min(lengths.length, from + 50 * batch)));
      chunk.sort(sampler == Sampler.SORTISH_2018_03 ? byLength : byLength.reversed());
      chunks.add(chunk);
    }
    return chunks;
  }

  @Provide
  Arbitrary<Sampler> samplers() {
    return Arbitraries.of(Sampler.class);
  }

  @Provide
  Arbitrary<Sampler> sorting() {
    return Arbitraries.of(Sampler.class).filter(sampler -> sampler != Sampler.RANDOM);
  }

  @Provide
  Arbitrary<int[]> lengths() {
    return Arbitraries.integers().between(0, 40).array(int[].class).ofMaxSize(400);
  }
}
