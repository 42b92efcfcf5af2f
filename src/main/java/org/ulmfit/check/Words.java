package org.ulmfit.check;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** How often words occur, and how their number grows with the texts. */
final class Words {
  private static final Set<String> STOP_WORDS = stopWords();
  private static final double GROWTH = 1.5; // between two points of the curve

  private final Map<String, int[]> counts = new HashMap<>();
  private final List<Growth> growth = new ArrayList<>();
  private long total;
  private long next = 1000;

  /**
   * A point of the curve.
   *
   * @param words read so far
   * @param different of them
   */
  record Growth(long words, int different) {}

  /** A word and how often it occurs. */
  record Count(String word, int times) {}

  /** English words that say little of what a text is about. */
  private static Set<String> stopWords() {
    InputStream file = Objects.requireNonNull(Words.class.getResourceAsStream("stop-words.txt"));
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .flatMap(line -> List.of(line.strip().split(" +")).stream())
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void add(List<String> words) {
    for (String word : words) {
      counts.computeIfAbsent(word, w -> new int[1])[0]++;
    }
    total += words.size();
    if (total >= next) {
      growth.add(new Growth(total, counts.size()));
      next = (long) (total * GROWTH);
    }
  }

  long total() {
    return total;
  }

  int different() {
    return counts.size();
  }

  /** Words that occur so often at most. */
  int rare(int times) {
    return (int) counts.values().stream().filter(count -> count[0] <= times).count();
  }

  /** The curve, with its end. */
  List<Growth> growth() {
    List<Growth> all = new ArrayList<>(growth);
    if (all.isEmpty() || all.get(all.size() - 1).words < total) {
      all.add(new Growth(total, counts.size()));
    }
    return all;
  }

  /**
   * The most frequent words.
   *
   * @param all whether stop words are among them
   */
  List<Count> top(int n, boolean all) {
    return counts.entrySet().stream()
        .filter(entry -> all || !STOP_WORDS.contains(entry.getKey()))
        .map(entry -> new Count(entry.getKey(), entry.getValue()[0]))
        .sorted((a, b) -> a.times != b.times ? b.times - a.times : a.word.compareTo(b.word))
        .limit(n)
        .toList();
  }
}
