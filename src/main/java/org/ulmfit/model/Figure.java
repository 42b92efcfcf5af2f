package org.ulmfit.model;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.train.Interval;

/**
 * A figure of a card.
 *
 * @param type what Hugging Face calls metrics of its kind
 * @param name as people say it
 * @param interval where it lies with a confidence of 95%; null: not known
 */
public record Figure(String type, String name, double value, @Nullable Interval interval) {
  private static final String AVERAGE_PRECISION = "average_precision";

  /**
   * By its name in {@code metrics.json}.
   *
   * @param key such as {@code macroF1}
   */
  static Figure of(String key, double value, @Nullable Interval interval) {
    if (key.equals("matthews")) {
      return new Figure("matthews_correlation", "Matthews correlation", value, interval);
    }
    String[] words = key.split("(?<=[a-z])(?=[A-Z])", -1);
    String name = Stream.of(words).map(Figure::lower).collect(Collectors.joining(" "));
    String snake = name.replace(' ', '_');
    String type =
        switch (words[words.length - 1]) {
          case "F1" -> "f1";
          case "Precision" -> snake.endsWith(AVERAGE_PRECISION) ? AVERAGE_PRECISION : "precision";
          case "Recall" -> "recall";
          default -> key.equals("subsetAccuracy") ? "accuracy" : snake;
        };
    return new Figure(type, name, value, interval);
  }

  private static String lower(String word) {
    return word.equals("F1") ? word : word.toLowerCase(Locale.ROOT);
  }

  /** A share of rows, with Wilson's interval. */
  static Figure share(String key, long hits, long rows) {
    return of(key, (double) hits / rows, Interval.wilson(hits, rows));
  }
}
