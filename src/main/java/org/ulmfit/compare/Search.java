package org.ulmfit.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;

/**
 * Values that were tried, and which of them is taken, by the validation rows.
 *
 * @param tried overrides of each attempt
 * @param figures of each on the validation rows; null: it was left out
 * @param shares of its recipe's epochs that each had; null: all of them
 * @param chosen place of the best; of equals the first
 * @param seconds that all attempts took
 */
record Search(
    List<List<String>> tried,
    List<Double> figures,
    List<@Nullable Double> shares,
    int chosen,
    double seconds) {

  /** Every combination, the last key's values running fastest; a single one without keys. */
  static List<List<String>> grid(List<CompareJob.Searched> keys) {
    List<List<String>> grid = List.of(List.of());
    for (CompareJob.Searched key : keys) {
      List<List<String>> longer = new ArrayList<>();
      for (List<String> before : grid) {
        for (String value : key.values()) {
          List<String> one = new ArrayList<>(before);
          one.add(key.key() + "=" + value);
          longer.add(one);
        }
      }
      grid = longer;
    }
    return grid;
  }

  List<String> sets() {
    return tried.get(chosen);
  }

  private String found(int attempt) {
    Double figure = figures.get(attempt);
    if (figure == null) {
      return "left out: the budget";
    }
    Double share = shares.get(attempt);
    String after =
        share == null ? "" : Shown.format(" after %.0f%% of its epochs: the budget", 100 * share);
    return Shown.format("%.4f", figure) + after;
  }

  /** What was tried and taken, in a line. */
  String line(String name, String figure) {
    List<String> each = new ArrayList<>();
    for (int i = 0; i < tried.size(); i++) {
      each.add(String.join(" ", tried.get(i)) + " (" + found(i) + ")");
    }
    return Shown.format(
        "%s: searched by %s on the validation rows: %s; takes %s; %d trainings in %s",
        name,
        figure,
        each.stream().collect(Collectors.joining(", ")),
        String.join(" ", sets()),
        figures.stream().filter(own -> own != null).count(),
        Amounts.time(seconds));
  }
}
