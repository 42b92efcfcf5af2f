package org.ulmfit.compare;

import java.util.ArrayList;
import java.util.List;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;

/**
 * Two families next to each other in the ranking, on the rows they are measured on.
 *
 * @param test under the first seed
 */
record Neighbours(Group better, Group worse, McNemar test) {

  /**
   * All there are; none with several labels a row.
   *
   * @param groups by training rows, then best first
   */
  static List<Neighbours> of(List<Group> groups, Labelling labelling) {
    List<Neighbours> all = new ArrayList<>();
    for (int i = 1; i < groups.size() && labelling == Labelling.SINGLE; i++) {
      Group better = groups.get(i - 1);
      Group worse = groups.get(i);
      if (better.count() == worse.count()) {
        Group.test(better, worse, entry -> entry.answers().measured())
            .ifPresent(test -> all.add(new Neighbours(better, worse, test)));
      }
    }
    return all;
  }

  String line() {
    return Shown.format(
        "%s training rows: %s and %s: %,d rows that only the first gets right, %,d that only the"
            + " second does, %s%s",
        better.count() == 0 ? "all" : Shown.format("%,d", better.count()),
        better.family(),
        worse.family(),
        test.first(),
        test.second(),
        Amounts.probability(test.p()),
        test.significant() ? "" : ": no significant difference");
  }
}
