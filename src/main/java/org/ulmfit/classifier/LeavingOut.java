package org.ulmfit.classifier;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ulmfit.Stop;

/**
 * Leaves each word out in turn and takes what the target then lacks for its weight, which its
 * tokens share: for models that have no gradient by words, and to check those that have. What
 * several words say only together is in no weight, or in several.
 *
 * @param model not closed with it
 */
record LeavingOut(Inference model) implements Explainer {
  private static final int BLOCK = 64; // documents at once

  @Override
  public String method() {
    return "leaving each word out";
  }

  @Override
  public float[] baseline(int[] document, int[] groups) {
    int[] wordless =
        IntStream.range(0, document.length)
            .filter(t -> groups[t] < 0)
            .map(t -> document[t])
            .toArray();
    return model.logits(new int[][] {wordless})[0];
  }

  @Override
  public int answers(int words) {
    return words + 2;
  }

  @Override
  public Attribution explain(int[] document, int[] groups, Target target, Stop stop) {
    double whole = target.value(model.logits(new int[][] {document})[0]);
    int words = Arrays.stream(groups).max().orElse(-1) + 1;
    double[] tokens = new double[document.length];
    for (int from = 0; from < words; from += BLOCK) {
      stop.check(STOPPED);
      int first = from;
      int[][] without =
          IntStream.range(from, Math.min(words, from + BLOCK))
              .mapToObj(word -> without(document, groups, word))
              .toArray(int[][]::new);
      float[][] logits = model.logits(without);
      for (int w = 0; w < without.length; w++) {
        int removed = document.length - without[w].length;
        double share = (whole - target.value(logits[w])) / Math.max(1, removed);
        int word = first + w;
        IntStream.range(0, groups.length)
            .filter(t -> groups[t] == word)
            .forEach(t -> tokens[t] = share);
      }
    }
    float[] baseline = baseline(document, groups);
    return new Attribution(tokens, whole - target.value(baseline), baseline);
  }

  private static int[] without(int[] document, int[] groups, int word) {
    return IntStream.range(0, document.length)
        .filter(t -> groups[t] != word)
        .map(t -> document[t])
        .toArray();
  }

  @Override
  public void close() {
    // the model belongs to who gave it
  }
}
