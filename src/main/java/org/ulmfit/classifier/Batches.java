package org.ulmfit.classifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts an order of documents into batches bounded by rows and by tokens; none is dropped. */
public final class Batches {

  private Batches() {}

  /**
   * Batches of {@code rows} documents from the front, the last one shorter; a batch with more than
   * {@code maxTokens} tokens, padding included, is split further, into about equal rows where the
   * bound allows: a part of a few rows would make a noisy step. A document longer than that stands
   * alone.
   *
   * @param order documents in reading order
   * @param lengths tokens by document
   * @param rows documents of a batch at most
   * @param maxTokens rows times longest row of a batch at most; 0 = no bound
   */
  public static List<int[]> cut(int[] order, int[] lengths, int rows, int maxTokens) {
    var batches = new ArrayList<int[]>();
    for (int from = 0; from < order.length; from += rows) {
      int to = Math.min(order.length, from + rows);
      split(Arrays.copyOfRange(order, from, to), lengths, maxTokens, batches);
    }
    return batches;
  }

  /**
   * The same for training, where batch-norm cannot learn from a single row: a lone document takes a
   * neighbour from the batch before or after it, or joins it, as far as the bounds allow. A
   * document longer than half of {@code maxTokens} may stay alone.
   */
  public static List<int[]> cutForTraining(int[] order, int[] lengths, int rows, int maxTokens) {
    List<int[]> batches = cut(order, lengths, rows, maxTokens);
    for (int i = 0; i < batches.size(); ) {
      int before = batches.size();
      if (batches.get(i).length == 1 && !pair(batches, i, i - 1, lengths, rows, maxTokens)) {
        pair(batches, i, i + 1, lengths, rows, maxTokens);
      }
      i += batches.size() == before ? 1 : 0;
    }
    return batches;
  }

  /**
   * The same without padding: a batch holds documents of one length.
   *
   * @param order documents by length
   */
  static List<int[]> ofOneLength(int[] order, int[] lengths, int rows, int maxTokens) {
    var batches = new ArrayList<int[]>();
    int from = 0;
    for (int to = 1; to <= order.length; to++) {
      if (to == order.length || lengths[order[to]] != lengths[order[from]]) {
        batches.addAll(cut(Arrays.copyOfRange(order, from, to), lengths, rows, maxTokens));
        from = to;
      }
    }
    return batches;
  }

  /**
   * Cuts a batch into the fewest parts that keep the bound, of about equal rows where that does.
   */
  private static void split(int[] batch, int[] lengths, int maxTokens, List<int[]> batches) {
    List<int[]> fewest = filled(batch, lengths, maxTokens);
    List<int[]> equal = equal(batch, fewest.size());
    boolean bounded = equal.stream().allMatch(p -> fits(p, lengths, batch.length, maxTokens));
    batches.addAll(bounded ? equal : fewest);
  }

  /** Each part takes as many rows as the bound allows. */
  private static List<int[]> filled(int[] batch, int[] lengths, int maxTokens) {
    var cut = new ArrayList<int[]>();
    int from = 0;
    long longest = 0;
    for (int i = 0; i < batch.length; i++) {
      longest = Math.max(longest, lengths[batch[i]]);
      if (maxTokens > 0 && i > from && (i + 1 - from) * longest > maxTokens) {
        cut.add(Arrays.copyOfRange(batch, from, i));
        from = i;
        longest = lengths[batch[i]];
      }
    }
    cut.add(Arrays.copyOfRange(batch, from, batch.length));
    return cut;
  }

  private static List<int[]> equal(int[] batch, int parts) {
    var cut = new ArrayList<int[]>();
    for (int part = 0; part < parts; part++) {
      int from = (batch.length * part + parts - 1) / parts;
      int to = (batch.length * (part + 1) + parts - 1) / parts;
      cut.add(Arrays.copyOfRange(batch, from, to));
    }
    return cut;
  }

  /** Gives the lone document at {@code i} company from the batch at {@code beside}, if allowed. */
  private static boolean pair(
      List<int[]> batches, int i, int beside, int[] lengths, int rows, int maxTokens) {
    if (beside < 0 || beside >= batches.size() || rows < 2) {
      return false;
    }
    int[] lone = batches.get(i);
    int[] other = batches.get(beside);
    boolean before = beside < i;
    if (other.length >= 3) {
      int cut = before ? other.length - 1 : 1;
      int[] head = Arrays.copyOfRange(other, 0, cut);
      int[] tail = Arrays.copyOfRange(other, cut, other.length);
      int[] paired = before ? concat(tail, lone) : concat(lone, head);
      if (fits(paired, lengths, rows, maxTokens)) {
        batches.set(i, paired);
        batches.set(beside, before ? head : tail);
        return true;
      }
    }
    int[] joined = before ? concat(other, lone) : concat(lone, other);
    if (fits(joined, lengths, rows, maxTokens)) {
      batches.set(beside, joined);
      batches.remove(i);
      return true;
    }
    return false;
  }

  private static boolean fits(int[] batch, int[] lengths, int rows, int maxTokens) {
    long longest = Arrays.stream(batch).map(doc -> lengths[doc]).max().orElse(0);
    return batch.length <= rows && (maxTokens == 0 || batch.length * longest <= maxTokens);
  }

  private static int[] concat(int[] a, int[] b) {
    int[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
