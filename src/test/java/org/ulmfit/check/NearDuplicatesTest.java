package org.ulmfit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.ulmfit.corpus.Split;

class NearDuplicatesTest {
  private final Random random = new Random(5);

  private List<String> words(int n) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      words.add("w" + random.nextInt(2000));
    }
    return words;
  }

  private static double jaccard(List<String> a, List<String> b) {
    Set<List<String>> first = runs(a);
    Set<List<String>> both = new HashSet<>(first);
    both.retainAll(runs(b));
    first.addAll(runs(b));
    return (double) both.size() / first.size();
  }

  private static Set<List<String>> runs(List<String> words) {
    Set<List<String>> runs = new HashSet<>();
    for (int i = 0; i + MinHash.RUN <= words.size(); i++) {
      runs.add(words.subList(i, i + MinHash.RUN));
    }
    return runs;
  }

  /** Another text that has about so many of its words changed. */
  private List<String> changed(List<String> words, int changes) {
    List<String> other = new ArrayList<>(words);
    for (int i = 0; i < changes; i++) {
      other.set(random.nextInt(other.size()), "changed" + i);
    }
    return other;
  }

  @Test
  void equalPlacesEstimateTheShareOfCommonRuns() {
    double worst = 0;
    for (int changes = 0; changes < 40; changes += 2) {
      List<String> text = words(300);
      List<String> other = changed(text, changes);
      double estimate = MinHash.similarity(MinHash.of(text), MinHash.of(other));
      worst = Math.max(worst, Math.abs(estimate - jaccard(text, other)));
    }
    assertTrue(worst < 0.15, "worst error " + worst); // 3.4 standard errors
    assertNull(MinHash.of(List.of("too", "short", "for", "it")));
  }

  /** As many as are compared with each other, and one that is nearly the same in the test split. */
  @Test
  void copiesOfATextHideNoOther() {
    List<List<String>> texts = new ArrayList<>();
    List<String> text = words(200);
    for (int i = 0; i < 100; i++) {
      texts.add(text);
    }
    texts.add(changed(text, 2));
    List<int @Nullable []> signatures = new ArrayList<>();
    texts.forEach(one -> signatures.add(MinHash.of(one)));
    long[] hashes = texts.stream().mapToLong(t -> MinHash.hash(String.join(" ", t))).toArray();
    List<NearDuplicates.Pair> found =
        NearDuplicates.of(signatures, hashes, i -> i < 100 ? Split.TRAIN : Split.TEST);
    assertEquals(1, found.size());
    assertEquals(0, found.get(0).first());
    assertEquals(100, found.get(0).second());
  }

  @Test
  void nearlyEqualTextsAreFoundAndOthersAreNot() {
    List<List<String>> texts = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      texts.add(words(200));
    }
    for (int i = 0; i < 20; i++) { // a word in a hundred: 0.9 of the runs are the same
      texts.add(changed(texts.get(i), 2));
    }
    texts.add(texts.get(100)); // the same: no near-duplicate
    texts.add(List.of("short"));
    List<int @Nullable []> signatures = new ArrayList<>();
    texts.forEach(text -> signatures.add(MinHash.of(text)));
    long[] hashes = texts.stream().mapToLong(t -> MinHash.hash(String.join(" ", t))).toArray();
    List<NearDuplicates.Pair> found = NearDuplicates.of(signatures, hashes, text -> Split.TRAIN);
    Set<List<Integer>> pairs = new HashSet<>();
    found.forEach(pair -> pairs.add(List.of(pair.first(), pair.second())));
    Set<List<Integer>> expected = new HashSet<>();
    IntStream.range(0, 20).forEach(i -> expected.add(List.of(i, 300 + i)));
    assertEquals(expected, pairs);
    for (int i = 1; i < found.size(); i++) {
      assertTrue(found.get(i - 1).similarity() >= found.get(i).similarity());
    }
  }
}
