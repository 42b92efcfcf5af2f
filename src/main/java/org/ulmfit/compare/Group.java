package org.ulmfit.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A family's runs on so many training rows, one for each seed.
 *
 * @param entries in the order of the seeds; one at least
 */
record Group(List<Entry> entries) {
  Group {
    entries = List.copyOf(entries);
  }

  static List<Group> of(List<Entry> entries) {
    Map<String, List<Entry>> groups = new LinkedHashMap<>();
    for (Entry entry : entries) {
      Contestant c = entry.contestant();
      groups.computeIfAbsent(c.familyName() + " " + c.count(), key -> new ArrayList<>()).add(entry);
    }
    return groups.values().stream().map(Group::new).toList();
  }

  /** The one under the first seed. */
  Entry first() {
    return entries.get(0);
  }

  String family() {
    return first().contestant().familyName();
  }

  int count() {
    return first().contestant().count();
  }

  double mean(ToDoubleFunction<Entry> figure) {
    return entries.stream().mapToDouble(figure).average().orElseThrow();
  }

  /** Standard deviation of the sample; 0 of a single run. */
  double deviation(ToDoubleFunction<Entry> figure) {
    double mean = mean(figure);
    double sum =
        entries.stream().mapToDouble(e -> Math.pow(figure.applyAsDouble(e) - mean, 2)).sum();
    return entries.size() < 2 ? 0 : Math.sqrt(sum / (entries.size() - 1));
  }

  double seconds() {
    return mean(entry -> entry.cost().seconds());
  }
}
