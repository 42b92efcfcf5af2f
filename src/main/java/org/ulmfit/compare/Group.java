package org.ulmfit.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.ulmfit.Shown;

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

  /**
   * The same on rows that are the same for all: of each number of training rows what ran under the
   * seeds that all of these groups have. Where they share none, as they are.
   */
  static List<Group> onSharedSeeds(List<Group> groups) {
    Map<Integer, Set<Long>> shared = new HashMap<>();
    for (Group group : groups) {
      shared.computeIfAbsent(group.count(), count -> group.seeds()).retainAll(group.seeds());
    }
    return groups.stream()
        .map(group -> group.on(Objects.requireNonNull(shared.get(group.count()))))
        .toList();
  }

  private Set<Long> seeds() {
    return entries.stream().map(Group::seed).collect(Collectors.toSet());
  }

  private static long seed(Entry entry) {
    return entry.contestant().seed();
  }

  private Group on(Set<Long> seeds) {
    List<Entry> those = entries.stream().filter(entry -> seeds.contains(seed(entry))).toList();
    return those.isEmpty() ? this : new Group(those);
  }

  /** The one under its first seed. */
  Entry first() {
    return entries.get(0);
  }

  /**
   * Which rows each of two gets right, under the first seed of both.
   *
   * @param answers to the rows
   * @return empty: they ran under other seeds, on other rows
   */
  static Optional<McNemar> test(Group a, Group b, Function<Entry, Answers> answers) {
    return seed(a.first()) == seed(b.first())
        ? Optional.of(
            McNemar.of(answers.apply(a.first()).right(), answers.apply(b.first()).right()))
        : Optional.empty();
  }

  String family() {
    return first().contestant().familyName();
  }

  /** Family and training rows, in words. */
  String name() {
    return family() + (count() == 0 ? "" : Shown.format(" on %,d rows", count()));
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
