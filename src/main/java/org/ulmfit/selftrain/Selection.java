package org.ulmfit.selftrain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which texts a round takes: of each label as many as its share of the labelled rows says, the most
 * confident ones on which two models agree, then the most confident of the others. A label of which
 * none were taken would be unlearned.
 */
final class Selection {
  private Selection() {}

  /**
   * Indices of texts, ascending.
   *
   * @param answers of the model that labels them
   * @param second whose agreement comes first; null: none is asked
   * @param share of all texts that are to be taken; 1 = all, whatever their labels are
   * @param counts labelled rows of each label
   */
  static int[] of(Answers answers, @Nullable Answers second, double share, long[] counts) {
    int n = answers.probabilities().length;
    if (share >= 1) {
      return IntStream.range(0, n).toArray();
    }
    long all = Arrays.stream(counts).sum();
    List<Integer> taken = new ArrayList<>();
    for (int label = 0; label < counts.length; label++) {
      int own = label;
      double due = share * n * counts[label] / all;
      long quota = counts[label] == 0 ? 0 : Math.max(1, Math.round(due));
      IntStream.range(0, n)
          .filter(text -> answers.answer(text) == own)
          .boxed()
          .sorted(
              Comparator.comparing((Integer text) -> second != null && second.answer(text) != own)
                  .thenComparingDouble(text -> -answers.confidence(text)))
          .limit(quota)
          .forEach(taken::add);
    }
    return taken.stream().mapToInt(text -> text).sorted().toArray();
  }
}
