package org.ulmfit.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well a classifier answers texts of different lengths: as many texts in each bin, as it goes.
 */
public final class LengthBins {
  private static final int MOST = 6;
  private static final int FEWEST_ROWS = 20;

  private LengthBins() {}

  /**
   * Documents of similar length.
   *
   * @param shortest in tokens
   * @param longest in tokens
   * @param right documents with the right answer; with several labels, all of them and no other
   */
  public record Bin(int shortest, int longest, long rows, long right) {

    /** Share of right answers. */
    public double accuracy() {
      return (double) right / rows;
    }

    public Interval interval() {
      return Interval.wilson(right, rows);
    }
  }

  /**
   * At most six bins between the quantiles of the lengths, of at least 20 documents each; documents
   * of one length are in one bin.
   *
   * @return none where the lengths are not known or two such bins cannot be made
   */
  public static List<Bin> of(Scores scores) {
    int[] lengths = scores.lengths();
    int[] order =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingInt(row -> lengths[row]))
            .mapToInt(row -> row)
            .toArray();
    int bins = Math.min(MOST, order.length / FEWEST_ROWS);
    List<Bin> made = new ArrayList<>();
    int from = 0;
    for (int bin = 1; bin <= bins; bin++) {
      int to = (int) ((long) bin * order.length / bins);
      while (to < order.length && lengths[order[to]] == lengths[order[to - 1]]) {
        to++;
      }
      boolean rest = order.length - to < FEWEST_ROWS; // too few for a bin of their own
      to = rest ? order.length : to;
      if (to - from >= FEWEST_ROWS) {
        made.add(bin(scores, Arrays.copyOfRange(order, from, to)));
        from = to;
      }
    }
    return made.size() < 2 ? List.of() : List.copyOf(made);
  }

  private static Bin bin(Scores scores, int[] rows) {
    int[] lengths = scores.lengths();
    long right =
        Arrays.stream(rows)
            .filter(row -> same(scores.truth()[row], scores.predicted()[row]))
            .count();
    return new Bin(lengths[rows[0]], lengths[rows[rows.length - 1]], rows.length, right);
  }

  private static boolean same(int[] truth, int[] answer) {
    return Arrays.equals(
        Arrays.stream(truth).sorted().toArray(), Arrays.stream(answer).sorted().toArray());
  }
}
