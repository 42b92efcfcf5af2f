package org.ulmfit.selftrain;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of a round.
 *
 * @param number from 0, which learns of the labels alone
 * @param rows it was trained on
 * @param taken texts among them, by the label they were taken for; empty of the first
 * @param known how many of these have a label that is known
 * @param right how many of those were taken for it
 * @param agreed share of all texts for which classifier and n-gram model had one answer; null of
 *     the first and of a teacher's
 * @param test what its models answer together on the test rows; null: there are none
 * @param seconds of its trainings and answers
 */
public record Round(
    int number,
    int rows,
    Map<String, Integer> taken,
    int known,
    int right,
    @Nullable Double agreed,
    @Nullable Test test,
    double seconds) {

  /**
   * Answers to test rows.
   *
   * @param hits of so many rows
   * @param loss mean over the rows, nats
   * @param alone accuracy of each model
   */
  public record Test(int hits, int rows, double loss, List<Double> alone) {
    double accuracy() {
      return (double) hits / rows;
    }
  }

  int texts() {
    return taken.values().stream().mapToInt(n -> n).sum();
  }

  boolean isSound() {
    return taken != null && number >= 0;
  }
}
