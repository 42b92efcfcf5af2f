package org.ulmfit.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.ulmfit.prepare.RowFiles;

/**
 * How much of the time that is left each training of a contestant may take: its rows over those of
 * all trainings still to come. What it does not need is there for the others.
 */
final class Shares {
  private final List<Double> left = new ArrayList<>(); // rows of each training to come
  private int at;

  private Shares() {}

  /**
   * @param contestants in turn
   * @param from whose turn it is
   * @param trainings how many a contestant needs
   */
  static Shares of(
      List<Contestant> contestants,
      int from,
      ToIntFunction<Contestant> trainings,
      Map<Long, RowFiles> rows) {
    Shares shares = new Shares();
    for (Contestant contestant : contestants.subList(from, contestants.size())) {
      RowFiles own = rows.get(contestant.seed());
      Integer size = own == null ? null : own.training().get(contestant.count());
      for (int i = 0; i < trainings.applyAsInt(contestant); i++) {
        shares.left.add(size == null ? 1.0 : (double) size);
      }
    }
    return shares;
  }

  /** Of the next training. */
  double next() {
    if (at >= left.size()) {
      return 1;
    }
    double all = left.subList(at, left.size()).stream().mapToDouble(rows -> rows).sum();
    return left.get(at++) / all;
  }

  /** Trainings that need not be made. */
  void skip(int trainings) {
    at += trainings;
  }
}
