package org.ulmfit.compare;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;

/**
 * Which family it would be, by the validation rows alone.
 *
 * @param best has the greatest figure there; of equals the one that trains faster
 * @param cheaper one that trains in at most half the time and is not significantly worse there, the
 *     fastest of them; empty: there is none, or several labels a row, which are not tested
 */
record Choice(Group best, Optional<Cheaper> cheaper) {

  /** Of the best one's training time, at most. */
  private static final double CHEAPER = .5;

  /** With the test between it and the best. */
  record Cheaper(Group group, McNemar test) {}

  /**
   * Chooses.
   *
   * @param groups of the most training rows, one of each family
   */
  static Choice of(List<Group> groups, Labelling labelling) {
    Group best =
        groups.stream()
            .min(
                Comparator.comparingDouble((Group group) -> -valid(group, labelling))
                    .thenComparingDouble(Group::seconds))
            .orElseThrow();
    if (labelling == Labelling.MULTI) {
      return new Choice(best, Optional.empty());
    }
    Optional<Cheaper> cheaper =
        groups.stream()
            .filter(group -> group.seconds() <= CHEAPER * best.seconds())
            .sorted(Comparator.comparingDouble(Group::seconds))
            .flatMap(
                group ->
                    Group.test(best, group, entry -> entry.answers().valid()).stream()
                        .map(test -> new Cheaper(group, test)))
            .filter(candidate -> !candidate.test.significant())
            .findFirst();
    return new Choice(best, cheaper);
  }

  static double valid(Group group, Labelling labelling) {
    return group.mean(entry -> entry.valid().ranked(labelling));
  }

  /** Which and why, in a sentence. */
  String sentence(Labelling labelling, int validRows, boolean alone) {
    String figure = labelling == Labelling.SINGLE ? "accuracy" : "macro F1";
    String chosen =
        Shown.format(
            "%s, for its %s of %.4f on the %,d validation rows%s",
            best.family(),
            figure,
            valid(best, labelling),
            validRows,
            alone ? " (nothing else was compared)" : ", the best there");
    return cheaper
            .map(
                other ->
                    Shown.format(
                        "%s; %s trains in %s instead of %s and is not significantly worse there"
                            + " (%.4f, McNemar %s%s)",
                        chosen,
                        other.group.family(),
                        Amounts.time(other.group.seconds()),
                        Amounts.time(best.seconds()),
                        valid(other.group, labelling),
                        Amounts.probability(other.test.p()),
                        best.entries().size() > 1 ? ", first seed" : ""))
            .orElse(chosen)
        + ".";
  }
}
